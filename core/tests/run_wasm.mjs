// Runs the WebAssembly core under Node as a JSON file on standard input says: follows one image with it, or trains with
// it and prints seconds per epoch as JSON.
//
//   {wasm, image, sizes, hidden, loss, weights, label, out}   every step's values go to `out`; label −1: none
//   {wasm, images, labels, pixels, sizes, hidden, loss, recipe: 14 numbers, seed, epochs, weights, memories: [which], out}
// `images`, `labels`, `weights` name files of raw bytes (float32 for the weights); the trained weights go to `out`.
import { readFileSync, writeFileSync } from "node:fs";

const given = JSON.parse(readFileSync(0, "utf8"));
const module = new WebAssembly.Module(readFileSync(given.wasm));
if (WebAssembly.Module.imports(module).length) throw new Error("the core imports something");
const core = new WebAssembly.Instance(module).exports;

let next = core.heap();
function place(bytes) {
    const at = next;
    next += Math.ceil(bytes / 64) * 64;
    const missing = next - core.memory.buffer.byteLength;
    if (missing > 0) core.memory.grow(Math.ceil(missing / 65536));
    return at;
}
function put(array) {
    const at = place(array.byteLength);
    new Uint8Array(core.memory.buffer, at).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return at;
}

if (given.image) {
    const image = put(readFileSync(given.image)), weights = put(readFileSync(given.weights));
    const sizes = put(Int32Array.from(given.sizes)), layers = given.sizes.length - 1;
    const count = core.steps_count(sizes, layers, given.loss, given.label >= 0);
    const memory = place(core.steps_bytes(sizes, layers)), out = place(4 * count);
    core.steps(memory, sizes, layers, given.hidden, given.loss, weights, image, 0, given.label, out);
    writeFileSync(given.out, new Uint8Array(core.memory.buffer, out, 4 * count));
    process.exit();
}

const labels = readFileSync(given.labels), count = labels.length, layers = given.sizes.length - 1;
const images = put(readFileSync(given.images)), labelsAt = put(labels);
const weights = put(readFileSync(given.weights)), total = readFileSync(given.weights).length / 4;
const sizes = put(Int32Array.from(given.sizes)), recipe = put(Float64Array.from(given.recipe));
const packed = place(core.packed_bytes(images, count, given.pixels));
core.pack(packed, images, count, given.pixels);
const job = place(core.job_bytes(packed, sizes, layers, recipe));
core.job(job, packed, labelsAt, sizes, layers, given.hidden, given.loss, recipe);
core.write(job, 0, weights);
const zeros = put(new Float32Array(total));
for (const which of given.memories) core.write(job, which, which === 3 ? weights : zeros);

const order = place(4 * count), batches = Math.ceil(count / given.recipe[7]), losses = place(4 * batches);
const seconds = [];
for (let epoch = 0; epoch < given.epochs; epoch++) {
    core.order(BigInt(given.seed), BigInt(epoch), count, order);
    const began = process.cpuUsage().user;
    core.run(job, order, count, epoch * batches, BigInt(given.seed), losses);
    seconds.push((process.cpuUsage().user - began) / 1e6);
}
core.read(job, 0, zeros);
writeFileSync(given.out, new Uint8Array(core.memory.buffer, zeros, 4 * total));
console.log(JSON.stringify({ seconds, loss: new Float32Array(core.memory.buffer, losses, batches).at(-1) }));
