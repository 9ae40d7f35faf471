namespace ControlPlane.Cpctl;

/// <summary>
/// Completion scripts. None knows a command: each calls <c>cpctl "[suggest:POSITION]" LINE</c>, which the parser answers from the
/// same tree that runs the commands, one suggestion a line.
/// </summary>
internal static class CompletionScripts
{
    private const string Bash = """
        _cpctl() {
            local line=${COMP_LINE#*[[:space:]]}
            local skipped=$(( ${#COMP_LINE} - ${#line} ))
            local IFS=$'\n'
            COMPREPLY=( $(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$(( COMP_POINT - skipped ))]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}") )
        }
        complete -o default -F _cpctl cpctl

        """;

    private const string Zsh = """
        #compdef cpctl
        _cpctl() {
            local line="${words[2,-1]}"
            local -a suggestions
            suggestions=( ${(f)"$(${words[1]} "[suggest:${#line}]" "$line" 2>/dev/null)"} )
            compadd -a suggestions || _files
        }
        if [ "$funcstack[1]" = "_cpctl" ]; then _cpctl "$@"; else compdef _cpctl cpctl; fi

        """;

    private const string Fish = """
        function __cpctl_complete
            set -l line (string replace -r '^\S+\s+' '' -- (commandline -cp))
            cpctl "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c cpctl -a '(__cpctl_complete)'

        """;

    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    public static string For(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => throw new ArgumentOutOfRangeException(nameof(shell), shell, "no script for this shell"),
    };
}
