// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.omote.face.InterruptedCallException;
import io.omote.face.ModelException;
import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes operating points as JSON files, whose fields have the names of the components of
 * {@link OperatingPoint}.
 *
 * <p>Stateless and thread-safe.
 */
public final class OperatingPointFile {
  private static final String FORMAT = "omote-operating-point-1";
  private static final long MAX_BYTES = 1 << 16;

  private OperatingPointFile() {}

  /**
   * Reads a file written by {@link #write}.
   *
   * @param file the file
   * @return the operating point
   * @throws ModelException if the file cannot be read or is not such a file
   */
  public static OperatingPoint read(Path file) {
    try {
      return fromJson(JsonParser.parseString(text(file)).getAsJsonObject());
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | UnsupportedOperationException e) {
      throw unfit(file, e.getMessage(), e);
    }
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw unfit(file, "more than " + MAX_BYTES + " bytes", null);
      }
      return Files.readString(file);
    } catch (ClosedByInterruptException e) {
      throw new InterruptedCallException(
          String.format(Locale.ROOT, "interrupted while reading %s", file), e);
    } catch (ModelException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // File system providers throw various exceptions, for example after they were closed.
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "the operating point file %s is missing or cannot be read (%s): check the path",
              file,
              e),
          e);
    }
  }

  private static ModelException unfit(
      Path file, @Nullable String found, @Nullable RuntimeException cause) {
    return new ModelException(
        String.format(
            Locale.ROOT,
            "%s is not an operating point of format %s (%s): write one with omote calibrate",
            file,
            FORMAT,
            found),
        cause);
  }

  private static OperatingPoint fromJson(JsonObject json) {
    if (!FORMAT.equals(member(json, "format").getAsString())) {
      throw new JsonParseException("another format");
    }
    return new OperatingPoint(
        member(json, "modelId").getAsString(),
        member(json, "threshold").getAsDouble(),
        rate(member(json, "fmr").getAsJsonObject()),
        rate(member(json, "fnmr").getAsJsonObject()),
        member(json, "dataSet").getAsString());
  }

  private static ErrorRate rate(JsonObject json) {
    return new ErrorRate(
        member(json, "value").getAsDouble(),
        member(json, "lower").getAsDouble(),
        member(json, "upper").getAsDouble(),
        member(json, "trials").getAsLong());
  }

  private static JsonElement member(JsonObject json, String name) {
    JsonElement element = json.get(name);
    if (element == null || element.isJsonNull()) {
      throw new JsonParseException("no member \"" + name + "\"");
    }
    return element;
  }

  /**
   * Writes a new file. If writing fails, as on a full disk, no partial file remains.
   *
   * @param point the operating point
   * @param file the file, which must not exist
   * @throws ModelException if the file exists or cannot be written
   */
  public static void write(OperatingPoint point, Path file) {
    JsonObject json = new JsonObject();
    json.addProperty("format", FORMAT);
    Json.INDENTED.toJsonTree(point).getAsJsonObject().asMap().forEach(json::add);
    String text = Json.INDENTED.toJson(json) + "\n";
    try (OutputStream out = Files.newOutputStream(file, CREATE_NEW, WRITE)) {
      try {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        Files.deleteIfExists(file);
        throw e;
      }
    } catch (FileAlreadyExistsException e) {
      throw new ModelException(
          String.format(
              Locale.ROOT, "%s already exists: choose another name, or move the file away", file),
          e);
    } catch (ClosedByInterruptException e) {
      throw new InterruptedCallException(
          String.format(Locale.ROOT, "interrupted while writing %s", file), e);
    } catch (IOException | RuntimeException e) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "the operating point could not be written to %s (%s): check that the folder exists, is writable and has space",
              file,
              e),
          e);
    }
  }
}
