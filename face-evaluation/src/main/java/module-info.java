// SPDX-License-Identifier: Apache-2.0
/** Measures error rates of comparisons, searches, liveness and quality. */
@SuppressWarnings({"requires-automatic"})
module io.omote.face.evaluation {
  requires com.google.gson;
  requires com.samskivert.jmustache;
  requires transitive io.omote.face.core;
  requires transitive org.jspecify;
  requires org.apache.commons.csv;

  exports io.omote.face.evaluation;
}
