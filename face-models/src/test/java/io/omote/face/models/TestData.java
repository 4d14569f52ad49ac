// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.omote.face.FaceModels;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The reference data of tests tagged {@code testdata}: real weights, photos and golden results.
 * They are not part of the project; the system property {@code omote.testdata} names their folder.
 */
final class TestData {
  private static final String PROPERTY = "omote.testdata";

  private TestData() {}

  /** Resolves a path in the data; skips the current test if no data is configured. */
  static Path path(String relative) {
    String root = System.getProperty(PROPERTY);
    assumeTrue(
        root != null && !root.isBlank(),
        "skipped: needs the reference data; give its folder as -D" + PROPERTY + "=...");
    Path path = Path.of(root, relative);
    if (!Files.exists(path)) {
      throw new AssertionError("reference data configured but missing: " + path);
    }
    return path;
  }

  static JsonObject json(String relative) {
    try (Reader reader = Files.newBufferedReader(path(relative))) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the SCRFD and ArcFace weights of the golden results. */
  static FaceModels insightFace() {
    return FaceModels.of(
        path("models/scrfd_2.5g_kps_dynamic.onnx"),
        path("models/arcface_mobilefacenet_dynamic.onnx"));
  }
}
