// The nearest of several names, under the name by which this folder's files import it.
export { nearest } from "../nearest.js";
