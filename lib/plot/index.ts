// Figures: pure functions from data to a plotly figure, and their display in a notebook.
export { display, type DisplayHook, type MimeBundle } from "./display.js";
