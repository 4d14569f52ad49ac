// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

/** The JSON forms of reports and operating points. Stateless and thread-safe. */
final class Json {
  /** Writes indented JSON, for files. */
  static final Gson INDENTED = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /** Writes JSON in one line, for standard output. */
  static final Gson COMPACT = new GsonBuilder().disableHtmlEscaping().create();

  private Json() {}
}
