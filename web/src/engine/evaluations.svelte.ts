// How the current model does on each set, asked of the engine when a room wants it and kept until model or set changes.
import { proxy } from "comlink";
import { untrack } from "svelte";
import type { Evaluation, SetName } from "../worker/protocol.ts";
import { engine, isProblem } from "./engine.ts";
import { countOf, session } from "./session.svelte.ts";

/** What is known of a set: the result, or how far it has got (0 … 1), or why there is none. */
export interface Evaluated {
    readonly result: Evaluation | null;
    readonly share: number;
    readonly problem: string | null;
}

const NOTHING: Evaluated = { result: null, share: 0, problem: null };

/** By set, each with the model and the number of images that it is of. */
let known: Partial<Record<SetName, Evaluated & { readonly of: string }>> = $state.raw({});

const asOf = (set: SetName) => `${session.model?.version} ${session.model?.fingerprint} ${countOf(set)}`;

/** What is known of the current model on a set. */
export function evaluationOf(set: SetName): Evaluated {
    const found = known[set];
    return found && found.of === asOf(set) ? found : NOTHING;
}

/** Have a set evaluated, once; call it in an effect, so that another model is evaluated too. */
export function wantEvaluation(set: SetName): void {
    const of = asOf(set);
    if (countOf(set) === 0 || !session.model || untrack(() => known[set]?.of) === of) return;
    const put = (change: Partial<Evaluated>) => {
        if (known[set]?.of === of) known = { ...known, [set]: { ...known[set]!, ...change } };
    };
    known = { ...untrack(() => known), [set]: { ...NOTHING, of } };
    engine().evaluate(set, "model", proxy((share: number) => put({ share }))).then(
        (result) => put({ result, share: 1 }),
        (error) => put({ problem: isProblem(error) || error instanceof Error ? error.message : String(error) }),
    );
}
