// SPDX-License-Identifier: Apache-2.0
/**
 * Detects, aligns, embeds and compares faces. Most callers need {@code io.omote.face} alone.
 *
 * <p>Packages under {@code io.omote.face.internal} are exported to Omote's own modules only, and
 * may change at any time.
 */
// "module": modules that inner packages are exported to are compiled later.
// Automatic modules cannot declare what they need, so it is required here.
@SuppressWarnings({"module", "requires-automatic", "requires-transitive-automatic"})
module io.omote.face.core {
  requires transitive ai.djl.api;
  requires ai.djl.onnxruntime_engine;
  requires com.google.gson;
  requires com.microsoft.onnxruntime;
  requires transitive java.desktop;
  requires org.apache.commons.compress;
  requires transitive org.jspecify;
  requires org.slf4j;

  exports io.omote.face;
  exports io.omote.face.attribute;
  exports io.omote.face.description;
  exports io.omote.face.djl;
  exports io.omote.face.internal.call to
      io.omote.face.gallery;
  exports io.omote.face.internal.engine to
      io.omote.face.evaluation,
      io.omote.face.models,
      io.omote.face.opencv;
  exports io.omote.face.internal.files to
      io.omote.face.evaluation;
  exports io.omote.face.internal.image to
      io.omote.face.opencv;
  exports io.omote.face.internal.network to
      io.omote.face.models;
  exports io.omote.face.internal.options to
      io.omote.face.models;
  exports io.omote.face.internal.search to
      io.omote.face.evaluation,
      io.omote.face.gallery;

  uses io.omote.face.internal.image.NativeDecoder;
}
