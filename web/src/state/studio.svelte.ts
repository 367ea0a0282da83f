// The one state of the page, and the link that follows it; nothing here computes or draws.
import { initialState, readLink, unreadIn, writeLink, type RoomName, type State } from "./table.ts";

/** Read it anywhere, assign to it anywhere: screens and link follow. */
export const studio: State = $state(initialState());

/** The theme that is shown: the chosen one, or the system's. */
export const shown = $state<{ theme: "light" | "dark" }>({ theme: "light" });

const PAUSE = 400; // milliseconds between two changes of the address

/** The fragment of the state as it is, which the address may not say yet. */
export const linkNow = (): string => writeLink($state.snapshot(studio) as State);

let steady = ""; // the fragment that stands in the address
let waiting: ReturnType<typeof setTimeout> | undefined;

/** Take the state from the address, then keep both equal; `skipped` hears what could not be read. Call once, inside a component. */
export function followLink(language: "ko" | "en", skipped: (names: readonly string[]) => void): void {
    const take = () => {
        const parameters = new URLSearchParams(location.hash.slice(1));
        const fresh = readLink(location.hash);
        if (!parameters.has("lang")) fresh.lang = language;
        Object.assign(studio, fresh);
        const unread = unreadIn(location.hash);
        if (unread.length > 0) skipped(unread);
        steady = writeLink($state.snapshot(studio) as State);
    };
    take();
    $effect(() => {
        addEventListener("hashchange", take);
        return () => removeEventListener("hashchange", take);
    });
    let room: RoomName = studio.room;
    $effect(() => {
        const fragment = writeLink(studio);
        const entered = studio.room !== room;
        room = studio.room;
        if (fragment === steady) return;
        if (entered) {
            clearTimeout(waiting);
            waiting = undefined;
            steady = fragment;
            history.pushState(null, "", fragment);
            return;
        }
        // Browsers refuse an address that changes too often; a caret that is dragged changes it sixty times a second.
        // A run that goes changes it as often, so this is no waiting for rest.
        waiting ??= setTimeout(() => {
            waiting = undefined;
            const latest = linkNow();
            if (latest === steady) return;
            steady = latest;
            history.replaceState(null, "", latest);
        }, PAUSE);
    });
}
