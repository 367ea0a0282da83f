// A view as an SVG or PNG file: everything that is seen in an element, as plain shapes, pictures and text.
//
// Canvases become pictures, SVG is copied with its computed look, text is placed line by line, boxes become rectangles:
// a file that drawing programs open, too. It leaves out what is not seen, and pictures of other pages.
import { saveFile } from "./files.ts";
import { koreanOf, write } from "./korean.ts";

const NAMESPACE = "http://www.w3.org/2000/svg";
const SHARP = 2; // pixels of a saved PNG for one of the screen
const LOOK = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-opacity",
    "opacity", "font-family", "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline", "letter-spacing"] as const;

export function saveSvg(view: HTMLElement, name: string): void {
    saveFile(new XMLSerializer().serializeToString(svgOf(view)), `${name}.svg`, "image/svg+xml");
}

/** Twice as many pixels as on the screen, for print. */
export async function savePng(view: HTMLElement, name: string): Promise<void> {
    const svg = svgOf(view), width = Number(svg.getAttribute("width")), height = Number(svg.getAttribute("height"));
    const korean = koreanOf(svg);
    const picture = new Image();
    picture.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(svg));
    await picture.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [SHARP * width, SHARP * height];
    const pen = canvas.getContext("2d")!;
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    for (const text of korean) write(pen, text, SHARP);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
    if (blob) saveFile(blob, `${name}.png`, "image/png");
}

export function svgOf(view: HTMLElement): SVGSVGElement {
    const area = view.getBoundingClientRect();
    const svg = document.createElementNS(NAMESPACE, "svg");
    const width = Math.ceil(area.width), height = Math.ceil(Math.max(area.height, view.scrollHeight));
    for (const [key, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) svg.setAttribute(key, String(value));
    const paper = add(svg, "rect", { width, height });
    paper.setAttribute("fill", getComputedStyle(document.documentElement).backgroundColor);
    walk(view, svg, area);
    return svg;
}

function add(parent: Element, tag: string, attributes: Record<string, string | number>): Element {
    const element = document.createElementNS(NAMESPACE, tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    parent.append(element);
    return element;
}

/** A policy without inline styles allows a style that a script sets, not one in an attribute. */
function sharp(image: Element, rendering: string): void {
    (image as SVGElement).style.setProperty("image-rendering", rendering);
}

function walk(element: Element, to: Element, area: DOMRect): void {
    const look = getComputedStyle(element);
    if (look.display === "none" || look.visibility === "hidden" || Number(look.opacity) === 0 || element.matches(".only-read")) return;
    const box = element.getBoundingClientRect();
    const place = { x: box.left - area.left, y: box.top - area.top, width: box.width, height: box.height };
    if (element instanceof SVGSVGElement) return copySvg(element, to, place);
    if (element instanceof HTMLCanvasElement) {
        if (element.width * element.height > 0)
            sharp(add(to, "image", { ...place, href: element.toDataURL(), preserveAspectRatio: "none" }), look.imageRendering);
        return;
    }
    if (element instanceof HTMLImageElement) {
        if (element.naturalWidth > 0)
            sharp(add(to, "image", { ...place, href: dataOf(element), preserveAspectRatio: "none" }), look.imageRendering);
        return;
    }
    drawBox(look, to, place);
    const { scrollHeight, clientHeight, scrollWidth, clientWidth } = element;
    const scrolls = look.overflowX !== "visible" && (scrollHeight > clientHeight + 1 || scrollWidth > clientWidth + 1);
    if (scrolls) to = clipped(to, place);
    if (element instanceof HTMLInputElement || element instanceof HTMLSelectElement) return drawField(element, look, to, place);
    const closed = element instanceof HTMLDetailsElement && !element.open; // what is folded away still has boxes
    for (const child of element.childNodes)
        if (closed && !(child instanceof HTMLElement && child.matches("summary"))) continue;
        else if (child instanceof Text) drawText(child, look, to, area);
        else if (child instanceof Element && !(scrolls && apart(child.getBoundingClientRect(), box))) walk(child, to, area);
}

const apart = (one: DOMRect, other: DOMRect) => one.top >= other.bottom || one.bottom <= other.top || one.left >= other.right || one.right <= other.left;

/** A file carries its pictures itself. */
function dataOf(image: HTMLImageElement): string {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    canvas.getContext("2d")!.drawImage(image, 0, 0);
    return canvas.toDataURL();
}

/** What reaches out of a box that scrolls is not seen. */
function clipped(to: Element, place: Place): Element {
    const root = (to as SVGElement).ownerSVGElement ?? to;
    const clip = add(to, "clipPath", { id: `clip-${root.querySelectorAll("clipPath").length}` });
    add(clip, "rect", { ...place });
    return add(to, "g", { "clip-path": `url(#${clip.id})` });
}

interface Place {
    x: number;
    y: number;
    width: number;
    height: number;
}

function drawBox(look: CSSStyleDeclaration, to: Element, place: Place): void {
    const clear = "rgba(0, 0, 0, 0)", sides = [look.borderTopWidth, look.borderRightWidth, look.borderBottomWidth, look.borderLeftWidth].map(Number.parseFloat);
    const edge = sides.every((width) => width === sides[0]) ? sides[0]! : 0;
    if (edge === 0 && place.width > 0) drawSides(look, sides, to, place);
    const edged = edge > 0 && look.borderTopStyle !== "none" && look.borderTopColor !== clear;
    if ((look.backgroundColor === clear && !edged) || place.width === 0 || place.height === 0) return;
    add(to, "rect", {
        ...place, rx: Number.parseFloat(look.borderTopLeftRadius) || 0,
        fill: look.backgroundColor === clear ? "none" : look.backgroundColor,
        ...(edged && { stroke: look.borderTopColor, "stroke-width": edge }),
    });
}

/** Lines of a table are borders of one side. */
function drawSides(look: CSSStyleDeclaration, sides: readonly number[], to: Element, { x, y, width, height }: Place): void {
    const lines = [[x, y, x + width, y], [x + width, y, x + width, y + height], [x, y + height, x + width, y + height], [x, y, x, y + height]] as const;
    const colors = [look.borderTopColor, look.borderRightColor, look.borderBottomColor, look.borderLeftColor];
    lines.forEach(([x1, y1, x2, y2], k) => {
        if (sides[k]! > 0) add(to, "line", { x1, y1, x2, y2, stroke: colors[k]!, "stroke-width": sides[k]! });
    });
}

/** A line through a word is that of an element around it. */
function isStruck(element: Element | null): boolean {
    for (let at = element; at; at = at.parentElement) if (getComputedStyle(at).textDecorationLine.includes("line-through")) return true;
    return false;
}

/** One piece of text for each line that it was broken into. */
function drawText(node: Text, look: CSSStyleDeclaration, to: Element, area: DOMRect): void {
    const range = document.createRange(), struck = isStruck(node.parentElement);
    let line = "", at: DOMRect | null = null;
    const write = () => {
        if (at && line.trim()) writeAt(line.trimEnd(), at.left - area.left, at.top - area.top + at.height * 0.78, look, to, struck);
        [line, at] = ["", null];
    };
    for (let i = 0; i < node.length; i++) {
        range.setStart(node, i);
        range.setEnd(node, i + 1);
        const box = range.getClientRects()[0];
        if (!box) continue;
        if (at && Math.abs(box.top - at.top) > 2) write();
        at ??= box;
        line += node.data[i];
    }
    write();
}

function drawField(field: HTMLInputElement | HTMLSelectElement, look: CSSStyleDeclaration, to: Element, { x, y, width, height }: Place): void {
    if (field instanceof HTMLInputElement && field.type === "range") {
        const share = (Number(field.value) - Number(field.min || 0)) / (Number(field.max || 100) - Number(field.min || 0) || 1);
        add(to, "rect", { x, y: y + height / 2 - 2, width, height: 4, rx: 2, fill: look.accentColor, opacity: 0.4 });
        add(to, "circle", { cx: x + share * width, cy: y + height / 2, r: 7, fill: look.accentColor });
    } else if (field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type)) {
        const rx = field.type === "radio" ? width / 2 : 2, mark = { fill: "none", stroke: look.color };
        add(to, "rect", { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, rx, ...mark });
        const tick = `M${x + width * 0.22},${y + height * 0.52}l${width * 0.2},${height * 0.2}l${width * 0.36},${-height * 0.42}`;
        if (field.checked) add(to, "path", { d: tick, ...mark, "stroke-width": 1.6 });
    } else if (field instanceof HTMLSelectElement || /^(text|number|search)$/.test(field.type)) {
        const text = field instanceof HTMLSelectElement ? (field.selectedOptions[0]?.text ?? "") : field.value;
        writeAt(text, x + 8, y + height * 0.66, look, to);
    }
}

function writeAt(text: string, x: number, y: number, look: CSSStyleDeclaration, to: Element, struck = false): void {
    const element = add(to, "text", {
        x, y, fill: look.color, "font-family": look.fontFamily, "font-size": look.fontSize, "font-weight": look.fontWeight, "xml:space": "preserve",
    });
    if (struck) element.setAttribute("text-decoration", "line-through");
    element.textContent = text;
}

function copySvg(original: SVGSVGElement, to: Element, place: Place): void {
    const copy = original.cloneNode(true) as SVGSVGElement;
    const [from, into] = [[...original.querySelectorAll("*")], [...copy.querySelectorAll("*")]];
    from.forEach((element, i) => {
        const look = getComputedStyle(element), target = into[i] as SVGElement;
        for (const property of LOOK) {
            const value = look.getPropertyValue(property);
            if (value) target.style.setProperty(property, value);
        }
        if (look.display === "none" || look.visibility === "hidden") target.setAttribute("display", "none");
        target.removeAttribute("class");
    });
    for (const [key, value] of Object.entries(place)) copy.setAttribute(key, String(value));
    copy.style.overflow = "visible";
    to.append(copy);
}
