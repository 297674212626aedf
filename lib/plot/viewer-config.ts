// Plotly's settings for every figure of the library.

/**
 * What the viewer does beside drawing. Not `responsive`: JupyterLab's plotly extension resizes figures by itself, and with it plotly.js gives
 * the figure the height of its surroundings, which is that of the figure; once redrawn it would shrink to its toolbar's.
 */
export const viewerConfig = { displaylogo: false };
