// All training runs, and how they go on beside each other and beside everything else: in pieces, with reports. It learns
// nothing itself.
import { InputError } from "../core/errors.ts";
import { say } from "../core/words.ts";
import type { Finding, Go, Report, RunInfo } from "./protocol.ts";
import type { Run } from "./run.ts";
import { PIECE, turn } from "./turns.ts";

const APART = 45; // milliseconds between reports of one run
const MOST_W1 = 200_000; // weights of w1 that a report may carry

interface Entry {
    readonly run: Run;
    readonly number: number;
    dataSha256: string | null;
    pace: number | null;
    going: Promise<void> | null;
    toldLosses: number;
    toldEpochs: number;
    toldGlimpses: number;
    speed: number;
}

export class Runs {
    private readonly entries = new Map<number, Entry>();
    private next = 1;
    private listener: ((report: Report) => void | Promise<void>) | null = null;
    private readonly judge: (run: Run) => readonly Finding[];

    /** `judge`: the doctor, who is asked after every evaluation. */
    constructor(judge: (run: Run) => readonly Finding[]) {
        this.judge = judge;
    }

    add(run: Run, sum: Promise<string>): number {
        const number = this.next++;
        const entry: Entry = {
            run, number, dataSha256: null, pace: null, going: null, toldLosses: 0, toldEpochs: 0, toldGlimpses: 0, speed: 0,
        };
        this.entries.set(number, entry);
        void sum.then((text) => (entry.dataSha256 = text));
        return number;
    }

    /** Raises `InputError` for a number that no run has. */
    get(number: number): Run {
        return this.entry(number).run;
    }

    get all(): RunInfo[] {
        return [...this.entries.keys()].map((number) => this.info(number));
    }

    info(number: number): RunInfo {
        const { run, dataSha256 } = this.entry(number);
        const { settings, status, update, updates, perEpoch, images, diverged, start } = run;
        return { run: number, settings, status, update, updates, updatesPerEpoch: perEpoch, images, diverged, start, dataSha256 };
    }

    listen(listener: ((report: Report) => void | Promise<void>) | null): void {
        this.listener = listener;
    }

    pace(number: number, pace: number | null): void {
        const entry = this.entry(number);
        entry.pace = pace !== null && pace > 0 ? pace : null;
    }

    async go(number: number, { until, pace }: Go): Promise<RunInfo> {
        const entry = this.entry(number), { run } = entry;
        if (pace !== undefined) this.pace(number, pace);
        if (entry.going) {
            await entry.going;
            return this.info(number);
        }
        if (run.ended) return this.info(number);
        let goal = run.updates;
        if (until === "epoch") goal = (Math.floor(run.update / run.perEpoch) + 1) * run.perEpoch;
        else if (typeof until === "object") goal = run.update + Math.max(1, Math.floor(until.updates));
        run.status = "running";
        entry.going = this.pieces(entry, Math.min(goal, run.updates));
        try {
            await entry.going;
        } finally {
            entry.going = null;
        }
        return this.info(number);
    }

    pause(number: number): RunInfo {
        const { run } = this.entry(number);
        if (run.status === "running") run.status = "paused";
        return this.info(number);
    }

    discard(number: number): void {
        const entry = this.entry(number);
        this.pause(number);
        this.entries.delete(number);
        void (entry.going ?? Promise.resolve()).then(() => entry.run.free());
    }

    private entry(number: number): Entry {
        const entry = this.entries.get(number);
        if (entry) return entry;
        const expected = [...this.entries.keys()].join(", ") || say("nothing");
        throw new InputError("run", { expected, found: String(number) });
    }

    /** Learn up to update `goal`: as much as fits into a piece, or as the pace allows, then give way. */
    private async pieces(entry: Entry, goal: number): Promise<void> {
        const { run } = entry;
        let reported = performance.now(), telling: Promise<void> | null = null;
        let each = 1; // milliseconds an update has taken of late
        let due = performance.now(), from = run.update, since = performance.now();
        while (run.status === "running" && run.update < goal) {
            const began = performance.now();
            if (entry.pace === null) {
                const done = run.learn(Math.max(1, Math.min(goal - run.update, Math.floor(PIECE / each))));
                each = Math.max(0.005, 0.5 * each + (0.5 * (performance.now() - began)) / Math.max(1, done));
            } else if (began >= due) {
                run.learn(1);
                due = Math.max(due + 1000 / entry.pace, began);
            }
            const now = performance.now();
            if (now - since > 250) {
                entry.speed = ((run.update - from) * 1000) / (now - since);
                [from, since] = [run.update, now];
            }
            if (now - reported > APART && telling === null && run.update > entry.toldLosses) {
                reported = now;
                telling = this.tell(entry).finally(() => (telling = null));
            }
            await turn();
        }
        if (run.status === "running") run.status = run.ended ? "finished" : "paused";
        if (this.entries.has(entry.number)) run.glimpse();
        await telling;
        await this.tell(entry);
    }

    private async tell(entry: Entry): Promise<void> {
        if (this.listener === null || !this.entries.has(entry.number)) return;
        const { run, toldLosses, toldEpochs, toldGlimpses } = entry;
        const [rows, columns] = run.architecture.weightShapes[0]!;
        const judged = run.epochs.length > toldEpochs || run.diverged !== null;
        const report: Report = {
            ...this.info(entry.number),
            firstLoss: toldLosses,
            losses: run.losses.slice(toldLosses),
            epochs: run.epochs.slice(toldEpochs),
            glimpses: run.glimpses.slice(toldGlimpses),
            w1: rows * columns > MOST_W1 ? null : { rows, columns, data: run.weights.slice(0, rows * columns) },
            findings: judged ? this.judge(run) : null,
            speed: entry.speed,
        };
        [entry.toldLosses, entry.toldEpochs, entry.toldGlimpses] = [run.update, run.epochs.length, run.glimpses.length];
        await this.listener(report);
    }
}
