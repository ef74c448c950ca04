// `<good-word>` without a mode: the panel in its place.
export { mount } from "./panel.js";
