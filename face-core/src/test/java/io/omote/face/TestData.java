// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The reference data of tests tagged {@code testdata}: real weights, photos and golden results.
 * They are not part of the project: the system property {@code omote.testdata} gives their
 * location.
 */
public final class TestData {
  private static final String PROPERTY = "omote.testdata";

  private TestData() {}

  /** Resolves a path in the data, or skips the running test if no data is configured. */
  public static Path path(String relative) {
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

  public static Path model(String name) {
    return path("models/" + name);
  }

  public static JsonObject json(String relative) {
    try (Reader reader = Files.newBufferedReader(path(relative))) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the SCRFD and ArcFace weights that the golden results were made with. */
  public static FaceModels insightFace() {
    return FaceModels.of(
        model("scrfd_2.5g_kps_dynamic.onnx"), model("arcface_mobilefacenet_dynamic.onnx"));
  }
}
