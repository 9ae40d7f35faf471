# Outlives the runner, whatever becomes of it: when its standard input ends it kills every process of the run and takes its mounts away.
# $1: the directory of the run's cluster. A process belongs to it if its command line or its environment names it.
trap '' INT TERM HUP
cat >/dev/null
for round in 1 2 3 4 5 6 7 8 9 10; do
  found=0
  for process in /proc/[0-9]*; do
    pid=${process#/proc/}
    [ "$pid" = "$$" ] && continue
    if grep -qsaF -- "$1" "$process/cmdline" "$process/environ" && ! grep -qsaF "controlplane-chaos-guard" "$process/cmdline"; then
      kill -CONT "$pid" 2>/dev/null
      kill -KILL "$pid" 2>/dev/null && found=1
    fi
  done
  [ "$found" = 0 ] && break
  sleep 0.2
done
while read -r _ place _; do
  case "$place" in "$1"*) umount -l "$place" 2>/dev/null ;; esac
done </proc/self/mounts
exit 0
