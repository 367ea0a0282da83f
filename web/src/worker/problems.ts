// Errors as the plain data that the page gets: Comlink would keep an Error's message alone. It raises none itself.
import { GlassnetError, UnavailableError } from "../core/errors.ts";
import type { Problem } from "./protocol.ts";

/** Return whatever was thrown as a `Problem`. */
export function problemOf(thrown: unknown): Problem {
    if (isProblem(thrown)) return thrown;
    if (thrown instanceof GlassnetError) {
        const { message, what, details } = thrown;
        return { problem: true, kind: thrown instanceof UnavailableError ? "unavailable" : "input", message, what, ...details };
    }
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { problem: true, kind: "fault", message, what: message };
}

export function isProblem(thrown: unknown): thrown is Problem {
    return typeof thrown === "object" && thrown !== null && "problem" in thrown && thrown.problem === true;
}

/** Return `target` with methods that throw (or reject with) a `Problem` and nothing else. */
export function plainly<T extends object>(target: T): T {
    return new Proxy(target, {
        get(object, name) {
            const member: unknown = Reflect.get(object, name);
            if (typeof member !== "function") return member;
            return (...given: unknown[]) => {
                try {
                    const result: unknown = member.apply(object, given);
                    return result instanceof Promise ? result.catch((error: unknown) => fail(error)) : result;
                } catch (error) {
                    return fail(error);
                }
            };
        },
    });
}

function fail(error: unknown): never {
    throw problemOf(error);
}
