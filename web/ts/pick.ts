// Boxes that ask the server while one types: fetched by hand.ts when the first of them is touched.
import "./item";
import "./suggest";

const at = document.activeElement; // what was typed before this was there is asked for now
if (at instanceof HTMLInputElement && at.value) at.dispatchEvent(new Event("input", { bubbles: true }));
