// The engine as the page knows it (protocol.ts): every method hands its work to the file whose subject it is.
import { Architecture } from "../core/architecture.ts";
import { checkArray, checkSeed, checkWhole } from "../core/check.ts";
import { Core } from "../core/core.ts";
import { GlassnetError, InputError } from "../core/errors.ts";
import { useLanguage, type Language } from "../core/words.ts";
import { diagnose } from "./doctor.ts";
import { evaluate } from "./evaluation.ts";
import { explainUpdate, explainWeight } from "./explain.ts";
import { PIXELS } from "./idx.ts";
import { Model } from "./model.ts";
import { digitsArchitecture, readModel, writeModel } from "./modelfile.ts";
import { nearest } from "./nearest.ts";
import type {
    Edit, Engine, Evaluation, Explanation, Filter, Finding, Go, History, LabeledImages, ModelState, Moment, More, Neighbor,
    NetworkRef, NetworkShape, NetworkState, Opened, Recipe, Report, RunInfo, SetInfo, SetName, Settings, Sources, Trace,
    TraceOptions, WeightExplanation, WeightName,
} from "./protocol.ts";
import { RECIPES } from "./recipe.ts";
import { Run } from "./run.ts";
import { Runs } from "./runs.ts";
import { Sets } from "./sets.ts";
import { allOnes, networkState, type Net } from "./state.ts";
import { traceOf } from "./tracing.ts";

export class StudioEngine implements Engine {
    private opened: { core: Core; model: Model } | null = null;
    private readonly sets_ = new Sets();
    private readonly runs_ = new Runs((run) => diagnose(this.core, this.sets_, run));
    private read = new Map<string, Evaluation>();

    private get core(): Core {
        return this.open_.core;
    }
    private get open_(): { core: Core; model: Model } {
        if (this.opened === null) throw new GlassnetError("engine", { expected: "open()" });
        return this.opened;
    }

    async open({ wasm, model, test }: Sources, progress: (share: number) => void = () => {}): Promise<Opened> {
        const core = await Core.load(wasm as BufferSource);
        progress(0.5);
        const file = readModel(core, "model", model);
        this.sets_.takeTest(test);
        this.opened = { core, model: new Model("", file) };
        progress(1);
        return { sets: this.sets_.info, model: this.model() };
    }
    add(more: More): readonly SetInfo[] {
        this.sets_.take(more);
        return this.sets_.info;
    }
    useLanguage(language: Language): void {
        useLanguage(language);
    }

    // ---- data ---------------------------------------------------------------------------------------------------------

    sets(): readonly SetInfo[] {
        return this.sets_.info;
    }
    wholeSet(set: SetName): LabeledImages {
        const { images, labels } = this.sets_.get(set);
        return { images: images.slice(), labels: labels.slice() };
    }
    images(set: SetName, indices: ArrayLike<number>): LabeledImages {
        return this.sets_.pick(set, indices);
    }
    meanDigits(set: SetName): Uint8Array {
        return this.sets_.means(set);
    }
    async find(set: SetName, { label, predicted, wrong, at }: Filter): Promise<Uint32Array> {
        const { labels } = this.sets_.get(set);
        const asked = predicted !== undefined || wrong !== undefined;
        const read = asked ? (await this.evaluate(set, at)).predicted : labels;
        const fits = (index: number) =>
            (label === undefined || labels[index] === label) &&
            (predicted === undefined || read[index] === predicted) &&
            (wrong === undefined || (read[index] !== labels[index]) === wrong);
        return Uint32Array.from(labels.keys()).filter(fits);
    }
    frame(ink: Uint8Array, height: number, width: number): Uint8Array | null {
        return this.core.frame(ink, height, width);
    }
    async nearest(image: Uint8Array, count: number): Promise<readonly Neighbor[]> {
        const name = (["train", "validation", "test"] as const).find((set) => this.sets_.has(set))!;
        checkArray("image", image, "uint8", PIXELS);
        return nearest(name, this.sets_.get(name), image, checkWhole("count", count, 1, 1_000));
    }

    // ---- the current model --------------------------------------------------------------------------------------------

    model(): ModelState {
        return this.open_.model.state;
    }
    load(bytes: Uint8Array, name: string): ModelState {
        this.open_.model.replace(name, readModel(this.core, name, bytes));
        return this.model();
    }
    save(): Uint8Array {
        const { core, model } = this.open_, { architecture, weights, ones } = model.net;
        const missing = ones.findIndex((one) => one === 0);
        if (missing >= 0) throw new InputError(missing === 0 ? "a1" : `a${missing + 1}_1`, { expected: "1", found: "0" });
        return writeModel(core, { architecture, weights, metadata: model.metadata });
    }
    initial(shape: NetworkShape, seed: string): ModelState {
        const architecture = digitsArchitecture(shape);
        const key = checkSeed(seed);
        const weights = this.core.initialWeights(architecture, key);
        this.open_.model.replace(`seed ${key}`, { architecture, weights, metadata: { seed } });
        return this.model();
    }
    adopt({ run, update }: { run: number; update: number }): ModelState {
        const { architecture, weights } = this.net({ run, update });
        const { seed } = this.runs_.get(run).settings;
        this.open_.model.replace(`run ${run}, update ${update}`, { architecture, weights, metadata: { seed, update: String(update) } });
        return this.model();
    }
    edit(edit: Edit): ModelState {
        this.open_.model.edit(edit);
        return this.model();
    }
    undo(): ModelState {
        this.open_.model.undo();
        return this.model();
    }
    redo(): ModelState {
        this.open_.model.redo();
        return this.model();
    }

    network(at: NetworkRef): NetworkState {
        return networkState(this.net(at));
    }
    trace(image: Uint8Array, { at = "model", ...options }: TraceOptions = {}): Trace {
        return traceOf(this.core, this.net(at), image, options);
    }
    traceInk(ink: Uint8Array, height: number, width: number, options: TraceOptions = {}): { readonly x: Uint8Array; readonly trace: Trace } | null {
        const x = this.frame(ink, height, width);
        return x && { x, trace: this.trace(x, options) };
    }
    async evaluate(set: SetName, at: NetworkRef = "model", progress?: (share: number) => void): Promise<Evaluation> {
        const net = this.net(at), images = this.sets_.get(set);
        const { fingerprint } = networkState(net), { hidden, output, loss } = net.architecture;
        const key = [set, images.labels.length, fingerprint, hidden, output, loss, net.ones].join();
        let found = this.read.get(key);
        if (found === undefined) {
            found = await evaluate(this.core, net, set, images, progress);
            if (this.read.size >= 6) this.read.delete(this.read.keys().next().value!);
            this.read.set(key, found);
        }
        return found;
    }

    // ---- training -----------------------------------------------------------------------------------------------------

    recipes(): Readonly<Record<string, Recipe>> {
        return RECIPES;
    }
    start(settings: Settings): RunInfo {
        const run = new Run(this.core, this.sets_, settings, settings.from === "model" ? this.ownWeights(settings) : null);
        return this.runs_.info(this.runs_.add(run, this.sets_.trainingSum(run.images)));
    }
    runs(): readonly RunInfo[] {
        return this.runs_.all;
    }
    go(run: number, go: Go): Promise<RunInfo> {
        return this.runs_.go(run, go);
    }
    pause(run: number): RunInfo {
        return this.runs_.pause(run);
    }
    pace(run: number, pace: number | null): void {
        this.runs_.pace(run, pace);
    }
    discard(run: number): void {
        this.runs_.discard(run);
    }
    listen(listener: ((report: Report) => void | Promise<void>) | null): void {
        this.runs_.listen(listener);
    }
    history(run: number): History {
        const { losses, epochs, glimpses } = this.runs_.get(run);
        return { losses: losses.slice(), epochs: [...epochs], glimpses: [...glimpses] };
    }
    at(number: number, update: number): Moment {
        const run = this.runs_.get(number), state = networkState(this.net({ run: number, update }));
        const epoch = Math.ceil(update / run.perEpoch);
        const learningRate = update === 0 ? 0 : Math.fround(this.core.learningRate(run.rule, update));
        return { ...state, run: number, update, epoch, learningRate };
    }
    explain(number: number, update: number, image: number | null = null): Explanation {
        return explainUpdate(this.core, this.sets_, this.runs_.get(number), number, update, image);
    }
    explainWeight(number: number, update: number, image: number | null, weight: WeightName): WeightExplanation {
        return explainWeight(this.core, this.sets_, this.runs_.get(number), number, update, image, weight);
    }
    diagnose(run: number, trial = false): readonly Finding[] {
        return diagnose(this.core, this.sets_, this.runs_.get(run), trial);
    }

    /** The network that is meant, not to be changed. */
    private net(at: NetworkRef): Net {
        if (at === "model") return this.open_.model.net;
        const run = this.runs_.get(at.run), { weights } = run.stateAt(at.update === "now" ? run.update : at.update);
        return { architecture: run.architecture, weights, ones: allOnes(run.architecture) };
    }

    private ownWeights(settings: Settings): Float32Array {
        const { architecture, weights } = this.open_.model.net, wanted = new Architecture(settings).sizes.join("-");
        const own = architecture.sizes.join("-");
        if (own !== wanted) throw new InputError("sizes", { expected: own, found: wanted });
        return weights;
    }
}
