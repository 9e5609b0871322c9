// Pages of the world outside: opened in the browser by Rust, never in this window.
import { rpc } from "@/lib/rpc";
import { failed } from "@/lib/store/notices";

export async function openPage(url: string): Promise<void> {
  try {
    await rpc("open_url", { url });
  } catch (thrown) {
    failed("The page was not opened", thrown);
  }
}
