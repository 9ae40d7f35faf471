using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>
/// Timers by due time: a binary heap whose items know their place, so that a cancelled or moved timer leaves nothing
/// behind (with lazy deletion a day-long lease released after a millisecond would stay for the day).
/// </summary>
internal sealed class TimerQueue
{
    private readonly List<ITimed> heap = [];

    public int Count => heap.Count;

    public ITimed? First => heap.Count == 0 ? null : heap[0];

    public void Set(ITimed item, JournalTime due)
    {
        item.Due = due;
        if (item.TimerSlot == 0)
        {
            heap.Add(item);
            item.TimerSlot = heap.Count;
        }

        Down(Up(item.TimerSlot - 1));
    }

    public void Cancel(ITimed item)
    {
        if (item.TimerSlot == 0)
        {
            return;
        }

        var hole = item.TimerSlot - 1;
        Invariant.Check(ReferenceEquals(heap[hole], item), "a timer stands where it says");
        item.TimerSlot = 0;
        var last = heap[^1];
        heap.RemoveAt(heap.Count - 1);
        if (!ReferenceEquals(last, item))
        {
            Place(last, hole);
            Down(Up(hole));
        }
    }

    public void Clear()
    {
        foreach (var item in heap)
        {
            item.TimerSlot = 0;
        }

        heap.Clear();
    }

    private int Up(int index)
    {
        var item = heap[index];
        while (index > 0 && item.Due < heap[(index - 1) / 2].Due)
        {
            Place(heap[(index - 1) / 2], index);
            index = (index - 1) / 2;
        }

        Place(item, index);
        return index;
    }

    private void Down(int index)
    {
        var item = heap[index];
        while (true)
        {
            var child = (2 * index) + 1;
            if (child >= heap.Count)
            {
                break;
            }

            if (child + 1 < heap.Count && heap[child + 1].Due < heap[child].Due)
            {
                child++;
            }

            if (heap[child].Due >= item.Due)
            {
                break;
            }

            Place(heap[child], index);
            index = child;
        }

        Place(item, index);
    }

    private void Place(ITimed item, int index)
    {
        heap[index] = item;
        item.TimerSlot = index + 1;
    }
}
