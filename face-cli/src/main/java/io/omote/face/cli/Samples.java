// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.omote.face.EmbeddingException;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.GalleryEntry;
import io.omote.face.gallery.LuceneGallery;
import io.omote.face.internal.files.FileNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The samples of an export or of another gallery, which need not fit into memory. All belong to one
 * model.
 */
interface Samples extends AutoCloseable {
  /**
   * Visits all samples. An exception of the action ends the visit.
   *
   * @throws FaceException if one of them is invalid
   */
  void forEach(Consumer<GalleryEntry> action) throws IOException;

  @Override
  default void close() {}

  /**
   * Returns the samples of a file or of the gallery in a folder.
   *
   * @throws FaceException if there is neither
   */
  static Samples in(Path source) {
    if (Files.isDirectory(source)) {
      return of(LuceneGallery.openReadOnly(source, GalleryLocation.modelIdOf(source)));
    }
    if (!Files.isRegularFile(source)) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "expected a file written by omote gallery --export, or the folder of a gallery, found %s: %s",
              Files.exists(source) ? "a pipe or device" : "nothing",
              FileNames.readable(source)));
    }
    return action -> forEachLine(source, action);
  }

  private static Samples of(LuceneGallery gallery) {
    return new Samples() {
      @Override
      public void forEach(Consumer<GalleryEntry> action) {
        gallery.forEach(action);
      }

      @Override
      public void close() {
        gallery.close();
      }
    };
  }

  private static void forEachLine(Path file, Consumer<GalleryEntry> action) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      ByteLines lines = new ByteLines(in, FileNames.readable(file));
      while (lines.next()) {
        action.accept(sample(file, lines));
      }
    }
  }

  private static GalleryEntry sample(Path file, ByteLines lines) {
    try {
      return sample(lines.text());
    } catch (CharacterCodingException e) {
      throw invalid(file, lines, "text that is not UTF-8");
    } catch (JsonParseException e) {
      throw invalid(file, lines, lines.isWhole() ? "other text" : "a truncated line");
    } catch (EmbeddingException | IllegalArgumentException e) {
      throw invalid(file, lines, "an invalid one (" + e.getMessage() + ")");
    }
  }

  private static FaceException invalid(Path file, ByteLines lines, String found) {
    return new FaceException(
        String.format(
            Locale.ROOT,
            "%s, line %d: expected a sample as omote gallery --export writes it, found %s",
            FileNames.readable(file),
            lines.number(),
            found));
  }

  /** Parses a line. */
  private static GalleryEntry sample(String text) {
    JsonElement line = JsonParser.parseString(text);
    if (!line.isJsonObject()) {
      throw new JsonParseException("no object");
    }
    JsonObject members = line.getAsJsonObject();
    if (members.has("version") && !member(members, "version").equals("1")) {
      throw new IllegalArgumentException("it was written by a later version");
    }
    FaceEmbedding face = FaceEmbedding.fromBytes(bytes(member(members, "embedding")));
    String model = members.has("version") ? "modelId" : "model"; // which had no version
    if (!face.modelId().equals(member(members, model))) {
      throw new IllegalArgumentException("the embedding belongs to the model " + face.modelId());
    }
    return new GalleryEntry(member(members, "person"), member(members, "sample"), face);
  }

  private static byte[] bytes(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the embedding is not Base64", e);
    }
  }

  private static String member(JsonObject members, String name) {
    JsonElement member = members.get(name);
    if (member == null || !member.isJsonPrimitive()) {
      throw new IllegalArgumentException("\"" + name + "\" is missing");
    }
    return member.getAsString();
  }
}
