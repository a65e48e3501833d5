// What happens when, the soonest first: a binary heap, for models with many thousand events.

export interface Event {
  readonly at: number;
  readonly run: () => void;
}

export function pushHeap(heap: Event[], event: Event): void {
  let place = heap.length;
  heap.push(event);
  for (let parent = (place - 1) >> 1; place > 0; parent = (place - 1) >> 1) {
    const above = heap[parent];
    if (above === undefined || above.at <= event.at) break;
    heap[place] = above;
    place = parent;
  }
  heap[place] = event;
}

export function popHeap(heap: Event[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if ((heap[child + 1]?.at ?? Number.POSITIVE_INFINITY) < (heap[child]?.at ?? Number.POSITIVE_INFINITY)) child += 1;
    const below = heap[child];
    if (below === undefined || below.at >= last.at) break;
    heap[place] = below;
    place = child;
  }
  heap[place] = last;
}
