// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.omote.face.AlignmentException;
import io.omote.face.FaceException;
import io.omote.face.ImageException;
import io.omote.face.cli.messages.Messages;
import io.omote.face.internal.files.FileNames;
import io.omote.face.internal.files.ImageWalk;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The answers of a command about images: one for each image, in the order of the images, as text or
 * as a JSON object in a line of its own (docs/json.md). Problems of images are answers, too: in
 * JSON they are on standard output, as text on standard error. Not thread-safe.
 */
final class Answers {
  /** The exit code if some images could not be used. */
  static final int SOME_FAILED = 3;

  /** The version of all JSON forms. Added keys do not change it. */
  static final int JSON_VERSION = 1;

  /** The inputs of most commands, for a message. */
  static final String IMAGES = "images or folders of images";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--json", description = "print JSON Lines, one object per image (docs/json.md)")
  private boolean json;

  @Option(
      names = "--verbose",
      description = "name each file that is not taken, not only their kinds and numbers")
  private boolean verbose;

  private ImageWalk found = ImageWalk.of(List.of());
  private @Nullable Progress progress;

  /** The numbers of images in folders whose formats are not supported, by format. */
  private final Map<String, Integer> unsupported = new TreeMap<>();

  private int successes;
  private int failures;

  /** A printer of the result for an image. */
  interface Printer<T> {
    /** Prints the answer. */
    void print(Path image, T result) throws IOException;
  }

  boolean isJson() {
    return json;
  }

  /** Prints JSON, even if it was not asked for. */
  void printJson() {
    json = true;
  }

  boolean isVerbose() {
    return verbose;
  }

  /**
   * Returns the images in files and folders.
   *
   * @param inputs files and folders
   * @param expected what the inputs should be, for the message if nothing is found
   * @throws FaceException if there is no image
   */
  ImageWalk walk(List<Path> inputs, String expected) {
    found = ImageWalk.of(inputs);
    if (verbose) {
      found
          .omitted()
          .forEach(one -> note("not taken: %s: %s", FileNames.readable(one.path()), one.kind()));
    }
    if (found.images().isEmpty()) {
      String kinds = found.omittedKinds();
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "expected %s, found no image in %s%s",
              expected,
              String.join(", ", inputs.stream().map(FileNames::readable).toList()),
              kinds.isEmpty() ? "" : String.format(Locale.ROOT, ", but %s", kinds)));
    }
    return found;
  }

  /** Returns {@link #walk the images} in files and folders, with a file before them. */
  ImageWalk walk(Path first, List<Path> inputs, String expected) {
    found = walk(inputs, expected).after(first);
    return found;
  }

  /** Does work on each image that {@link #walk} found, several concurrently. */
  <T> void forEach(String task, Batch.Work<T> work, Printer<T> printer) throws IOException {
    forEach(task, () -> false, work, printer);
  }

  /**
   * Does work on each image that {@link #walk} found, several concurrently.
   *
   * @param isStopped whether to end early
   */
  <T> void forEach(String task, BooleanSupplier isStopped, Batch.Work<T> work, Printer<T> printer)
      throws IOException {
    forEach(
        task,
        found.images(),
        isStopped,
        work,
        new Batch.Receiver<T>() {
          @Override
          public void accept(Path image, T result) throws IOException {
            succeed();
            printer.print(image, result);
          }

          @Override
          public void refuse(Path image, FaceException problem) {
            error(image, problem);
          }
        });
  }

  /**
   * Does work on images, several concurrently.
   *
   * @param isStopped whether to end early
   * @param receiver reports each image, by {@link #succeed} or {@link #error}, at once or later
   */
  <T> void forEach(
      String task,
      List<Path> images,
      BooleanSupplier isStopped,
      Batch.Work<T> work,
      Batch.Receiver<T> receiver)
      throws IOException {
    try (Progress bar = Progress.ofImages(task, images.size())) {
      progress = bar;
      Batch.run(
          images,
          isStopped,
          work,
          new Batch.Receiver<T>() {
            @Override
            public void accept(Path image, T result) throws IOException {
              receiver.accept(image, result);
              bar.step();
            }

            @Override
            public void refuse(Path image, FaceException problem) throws IOException {
              receiver.refuse(image, problem);
              bar.step();
            }
          });
    } finally {
      progress = null;
    }
  }

  /** Counts an image that could be used. */
  void succeed() {
    successes++;
  }

  /** Prints a line of text, unless JSON is printed. */
  void text(String format, Object... values) {
    if (!json) {
      print(out -> out.println(line(format, values)));
    }
  }

  /** Returns a line of text. Names of files may contain line breaks and commands to terminals. */
  private static String line(String format, Object... values) {
    return Messages.line(String.format(Locale.ROOT, format, values));
  }

  /** Prints an object about an image, with a version and the image as its first keys. */
  void object(Path image, JsonObject body) {
    JsonObject line = line(image, body);
    print(out -> out.println(line));
  }

  /** Prints an object with a version as its first key. */
  void object(JsonObject body) {
    JsonObject line = line(body);
    print(out -> out.println(line));
  }

  /** Returns an object about an image, with a version and the image as its first keys. */
  static JsonObject line(Path image, JsonObject body) {
    JsonObject line = new JsonObject();
    line.addProperty("image", FileNames.readable(image));
    addAll(line, body);
    return line(line);
  }

  /** Returns an object with a version as its first key. */
  static JsonObject line(JsonObject body) {
    JsonObject line = new JsonObject();
    line.addProperty("version", JSON_VERSION);
    addAll(line, body);
    return line;
  }

  private static void addAll(JsonObject line, JsonObject body) {
    for (Map.Entry<String, JsonElement> member : body.entrySet()) {
      line.add(member.getKey(), member.getValue());
    }
  }

  /** Returns an object with the size of a gallery. */
  static JsonObject size(int samples, int persons) {
    JsonObject size = new JsonObject();
    size.addProperty("samples", samples);
    size.addProperty("persons", persons);
    return size;
  }

  /** Returns an object with the problem of an image. */
  static JsonObject errorOf(Path image, FaceException problem) {
    return error(reason(problem), withoutName(image, Messages.of(problem)));
  }

  private static JsonObject error(String reason, String message) {
    JsonObject error = new JsonObject();
    error.addProperty("reason", reason);
    error.addProperty("message", message);
    JsonObject body = new JsonObject();
    body.add("error", error);
    return body;
  }

  private static String withoutName(Path image, String message) {
    String name = image + ": ";
    return message.startsWith(name) ? message.substring(name.length()) : message;
  }

  /** Reports that an image could not be used. */
  void error(Path image, FaceException problem) {
    boolean isGrouped =
        !json
            && !verbose
            && !found.isGiven(image)
            && problem instanceof ImageException e
            && e.reason() == ImageException.Reason.UNSUPPORTED_FORMAT;
    if (isGrouped) {
      failures++;
      unsupported.merge(ImageWalk.kindOf(image), 1, Integer::sum);
    } else {
      error(image, reason(problem), Messages.of(problem, spec));
    }
  }

  /**
   * Reports that an image could not be used.
   *
   * @param reason a word for programs, in lower case with underscores
   * @param message a sentence for people
   */
  void error(Path image, String reason, String message) {
    failures++;
    String rest = withoutName(image, message);
    if (json) {
      object(image, error(reason, rest));
    } else {
      note("%s: %s", FileNames.readable(image), rest);
    }
  }

  /** Returns the reason of a problem, in lower case with underscores. */
  static String reason(FaceException problem) {
    if (problem instanceof ImageException image) {
      return image.reason().name().toLowerCase(Locale.ROOT);
    }
    if (problem instanceof RefusedImageException refused) {
      return refused.reason();
    }
    return problem instanceof AlignmentException ? "not_alignable" : "failed";
  }

  /** Prints a line for people on standard error. */
  void note(String format, Object... values) {
    above(
        () -> {
          PrintWriter err = spec.commandLine().getErr();
          err.println(line(format, values));
          err.flush();
        });
  }

  private void print(Consumer<PrintWriter> lines) {
    above(
        () -> {
          PrintWriter out = spec.commandLine().getOut();
          lines.accept(out);
          out.flush();
        });
  }

  private void above(Runnable lines) {
    if (progress == null) {
      lines.run();
    } else {
      progress.printAbove(lines);
    }
  }

  int successes() {
    return successes;
  }

  int failures() {
    return failures;
  }

  /**
   * Prints what was not taken, and returns the exit code: 0 if all images could be used, 1 if none,
   * otherwise {@link #SOME_FAILED}.
   */
  int end() {
    if (!unsupported.isEmpty()) {
      note(
          "not read: %s, in formats that are not supported (--verbose names each)",
          unsupported.entrySet().stream()
              .map(kind -> String.format(Locale.ROOT, "%d x %s", kind.getValue(), kind.getKey()))
              .collect(Collectors.joining(", ")));
    }
    String kinds = found.omittedKinds();
    if (!kinds.isEmpty() && !verbose) {
      note("not taken: %s (--verbose names each)", kinds);
    }
    if (failures == 0) {
      return ExitCode.OK;
    }
    return successes == 0 ? ExitCode.SOFTWARE : SOME_FAILED;
  }
}
