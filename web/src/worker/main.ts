// The worker itself: the engine, exposed to the page. What it throws is plain data; large arrays are handed over.
import { expose, transfer } from "comlink";
import { StudioEngine } from "./engine.ts";
import { plainly } from "./problems.ts";
import type { SetName } from "./protocol.ts";

class Exposed extends StudioEngine {
    override wholeSet(set: SetName) {
        const whole = super.wholeSet(set);
        return transfer(whole, [whole.images.buffer, whole.labels.buffer]);
    }
}

expose(plainly(new Exposed()));
