// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;

/** The JSON forms of reports and operating points. Stateless and thread-safe. */
final class Json {
  /** Writes indented JSON, for files. */
  static final Gson INDENTED = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /** Writes JSON in one line, for standard output. */
  static final Gson COMPACT = new GsonBuilder().disableHtmlEscaping().create();

  /** The version of the form of reports. Added keys do not change it. */
  private static final int VERSION = 1;

  private Json() {}

  /** Returns the form of a report: its version, and the components that are not null. */
  static JsonObject tree(EvaluationReport report) {
    JsonObject tree = new JsonObject();
    tree.addProperty("version", VERSION);
    COMPACT.toJsonTree(report).getAsJsonObject().asMap().forEach(tree::add);
    return tree;
  }
}
