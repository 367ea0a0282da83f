// The page's beginning: styles, then the one component that has everything in it.
import { mount } from "svelte";
import App from "./App.svelte";
import "./styles/tokens.css";
import "./styles/base.css";

// Chromium leaves boxes where the words that ask for a font are drawn before it has come; so it comes first.
document.fonts.load('1em "Glassnet Sans KR"', "가").catch(() => []).then(() => mount(App, { target: document.getElementById("app")! }));
