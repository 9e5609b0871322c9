// Rows of one fixed height, of which only those in sight are in the page.
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from "@tanstack/virtual-core";
import { untrack } from "svelte";

export const ROW_PX = 30;

interface Options {
  count: number;
  element: HTMLElement | null;
  /** Height of what sticks above the rows inside the scrolled element. */
  header: number;
}

export interface VirtualRows {
  readonly items: VirtualItem[];
  readonly height: number;
  scrollTo: (index: number) => void;
}

/** Must be called while a component is set up. */
export function virtualRows(options: () => Options): VirtualRows {
  let version = $state(0);
  const changed = () => untrack(() => version++);
  const core = () => {
    const { count, element, header } = options();
    return {
      count,
      getScrollElement: () => element,
      estimateSize: () => ROW_PX,
      scrollMargin: header,
      scrollPaddingStart: header,
      overscan: 10,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: changed,
    };
  };
  const virtualizer = new Virtualizer<HTMLElement, Element>(untrack(core));
  $effect(() => {
    virtualizer.setOptions(core());
    virtualizer._willUpdate();
    changed();
  });
  $effect(() => virtualizer._didMount());
  return {
    get items() {
      void version;
      return virtualizer.getVirtualItems();
    },
    get height() {
      return options().count * ROW_PX;
    },
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: "auto" }),
  };
}
