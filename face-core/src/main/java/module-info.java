// SPDX-License-Identifier: Apache-2.0
/**
 * Detects, aligns, embeds and compares faces. Most callers need {@code io.omote.face} alone. The
 * API is that package, {@code attribute}, {@code model} and {@code evaluation}, and the Translators
 * for DJL in {@code detection} and {@code recognition}; all else is exported for {@code
 * io.omote.face.models} and free to change.
 *
 * <p>What its automatic modules need is required here, too: automatic modules cannot say so.
 */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module io.omote.face.core {
  requires transitive ai.djl.api;
  requires ai.djl.onnxruntime_engine;
  requires com.google.gson;
  requires com.microsoft.onnxruntime;
  requires transitive java.desktop;
  requires opencv;
  requires org.apache.commons.compress;
  requires transitive org.jspecify;
  requires org.slf4j;

  exports io.omote.face;
  exports io.omote.face.analysis;
  exports io.omote.face.attribute;
  exports io.omote.face.detection;
  exports io.omote.face.evaluation;
  exports io.omote.face.gallery;
  exports io.omote.face.geometry;
  exports io.omote.face.image;
  exports io.omote.face.inference;
  exports io.omote.face.model;
  exports io.omote.face.recognition;
}
