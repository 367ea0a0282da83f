// A training run as a link says it: rate(0.5)seed(3)to(4300), the settings that are not as at first and how far it got;
// several are joined by ~. It trains nothing.
import { ALL, fieldsOf, settingsOf, type Fields } from "../rooms/train/settings.ts";
import { trainLink } from "../rooms/train/link.ts";
import type { RunInfo, Settings } from "../worker/protocol.ts";
import type { Property } from "./property.ts";

export interface LinkedRun {
    /** All but how far it got: two runs with the same are the same run. */
    readonly key: string;
    readonly settings: Settings;
    /** Fingerprint of the model that it began with, if that was not the seed's. */
    readonly from: string | null;
    readonly to: number;
}

const MOST = 40; // runs
/** The fields that make a run another one. */
export const RUN_FIELDS = [
    "sizes", "hidden", "pair", "optimizer", "rate", "momentum", "schedule", "warmup", "batch", "epochs", "rotateBy", "scaleBy", "shearBy",
    "shiftBy", "elasticBy", "undistorted", "evaluateEvery", "seed", "count",
] as const satisfies readonly (keyof Fields)[];

export function keyOf({ settings, images, start }: Pick<RunInfo, "settings" | "images" | "start">): string {
    const fields = fieldsOf({ ...settings, images });
    const parts = RUN_FIELDS.flatMap((name) => {
        const { initial, write } = trainLink[name] as Property<unknown>, text = write(fields[name]);
        return text === write(initial) ? [] : [`${name}(${text})`];
    });
    return [...parts, ...(settings.from === "model" ? [`from(${start})`] : [])].join("");
}

export const writeRun = (info: RunInfo, update = info.update): string => `${keyOf(info)}to(${update})`;

/** What a run's text says, or null for one that says none. */
export function readRun(text: string): LinkedRun | null {
    const fields = Object.fromEntries(RUN_FIELDS.map((name) => [name, trainLink[name].initial])) as Record<string, unknown>;
    let from: string | null = null, to: number | null = null;
    if (!/^(?:\w+\([^()]*\))+$/.test(text)) return null;
    for (const [, name, said] of text.matchAll(/(\w+)\(([^()]*)\)/g) as Iterable<[string, string, string]>) {
        if (name === "from" && /^[0-9a-f]{16}$/.test(said)) from = said;
        else if (name === "to" && /^\d{1,9}$/.test(said)) to = Number(said);
        else {
            const value = RUN_FIELDS.some((known) => known === name) ? (trainLink[name as keyof Fields] as Property<unknown>).read(said) : undefined;
            if (value === undefined) return null;
            fields[name] = value;
        }
    }
    const { epochs, batch, count } = fields as unknown as Fields;
    if (to === null || to > epochs * Math.ceil((count || ALL) / batch)) return null;
    const settings = { ...settingsOf(fields as unknown as Fields), ...(from !== null && { from: "model" as const }) };
    return { key: text.replace(/to\(\d+\)$/, ""), settings, from, to };
}

/** A run's text, or none. */
export const runProperty: Property<string> = { initial: "", read: (text) => (readRun(text) ? text : undefined), write: (text) => text };

export const runsProperty: Property<readonly string[]> = {
    initial: [],
    read(text) {
        const runs = text.split("~");
        return runs.length <= MOST && runs.every(readRun) ? runs : undefined;
    },
    write: (runs) => runs.join("~"),
};

/** What a link says of these runs, the last ones where there are too many; each once, as far as it got. */
export function textsOf(infos: readonly RunInfo[]): string[] {
    const farthest = new Map<string, RunInfo>();
    for (const info of infos) {
        const known = farthest.get(keyOf(info));
        if (!known || known.update < info.update) farthest.set(keyOf(info), info);
    }
    return [...farthest.values()].map((info) => writeRun(info)).slice(-MOST);
}
