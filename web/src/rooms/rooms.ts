// The rooms in the order of the header: one line each. What a room needs is in its own folder.
import type { Component } from "svelte";
import type { RoomName } from "../state/table.ts";
import { frameWords as w } from "../words/frame.ts";
import type { Word } from "../words/words.ts";
import Data from "./data/Room.svelte";
import Handwriting from "./handwriting/Room.svelte";
import Forward from "./forward/Room.svelte";
import Loss from "./loss/Room.svelte";
import Test from "./test/Room.svelte";
import Train from "./train/Room.svelte";

export const ROOMS: readonly { readonly name: RoomName; readonly title: Word; readonly room: Component }[] = [
    { name: "data", title: w.data, room: Data },
    { name: "forward", title: w.forward, room: Forward },
    { name: "loss", title: w.loss, room: Loss },
    { name: "train", title: w.train, room: Train },
    { name: "test", title: w.test, room: Test },
    { name: "handwriting", title: w.handwriting, room: Handwriting },
];
