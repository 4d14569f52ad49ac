// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import java.nio.charset.StandardCharsets;

/** Conversion of values to JSON, with the keys of records in order. Stateless and thread-safe. */
final class Json {
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private Json() {}

  static JsonElement tree(Object value) {
    return GSON.toJsonTree(value);
  }

  static byte[] bytes(Object value) {
    return GSON.toJson(value).getBytes(StandardCharsets.UTF_8);
  }
}
