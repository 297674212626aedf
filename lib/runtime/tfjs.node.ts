// The TensorFlow.js backends that Node has. This file and its browser twin are the only importers of backends.
import "@tensorflow/tfjs";
