// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.omote.face.AlignmentException;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.FaceSelection;
import io.omote.face.ImageException;
import io.omote.face.cli.analysis.AnalysisJson;
import io.omote.face.cli.analysis.AnalyzedFace;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.ModelFile;
import io.omote.face.internal.files.FileNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the embeddings of the faces of many images. */
@Command(
    name = "embed",
    mixinStandardHelpOptions = true,
    description = {
      "Writes the faces of images with their embeddings, as JSON Lines (docs/json.md), several"
          + " images concurrently, into a file or to standard output: all faces of each image, or"
          + " the one that --selection chooses.",
      "Run the same command again to continue a file after an early end, or after images were added"
          + " or changed: the last line of an image counts.",
      "Embeddings are biometric data of everybody in the images: only you can read a new file, and"
          + " you must protect and delete it."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were read",
      "1:no result, or the run ended early; the message says why",
      "2:invalid options",
      "3:some images could not be read"
    })
final class Embed implements Callable<Integer> {
  /** The part of a hash that identifies a file, as in the ids of models. */
  private static final int ID_BYTES = 6;

  @Mixin private final ModelOptions models = new ModelOptions();
  @Mixin private final DetectionOptions detection = new DetectionOptions();
  @Mixin private final SelectionOption selection = new SelectionOption();
  @Mixin private final Answers answers = new Answers();

  @Parameters(
      index = "0..*",
      arity = "1..*",
      paramLabel = "FILE_OR_FOLDER",
      description = "images, and folders of images")
  private List<Path> inputs;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "file to append to, which an earlier run may have begun; by default standard output")
  private @Nullable Path output;

  private int faces;

  /**
   * The answer for an image.
   *
   * @param body what its line has
   * @param faces the faces
   * @param problem the problem of the image; null if it was read
   */
  private record Answer(JsonObject body, List<Face> faces, @Nullable FaceException problem) {}

  @Override
  public Integer call() throws IOException {
    List<Path> images = answers.walkOnce(inputs, Answers.IMAGES).images();
    FaceModels chosen = models.models();
    int threads = Batch.threadsPerImage(images.size());
    try (FaceDetector detector = detection.open(chosen.detector(), threads);
        FaceEmbedder embedder = FaceEmbedder.builder(chosen.embedder()).threads(threads).build()) {
      JsonObject header = header(chosen, embedder);
      Batch.Work<Answer> work = (at, image) -> answer(image, detector, embedder);
      return output == null ? print(images, header, work) : append(images, output, header, work);
    }
  }

  private JsonObject header(FaceModels chosen, FaceEmbedder embedder) throws IOException {
    JsonObject header = new JsonObject();
    header.addProperty("content", "embeddings");
    header.addProperty("modelId", embedder.modelId());
    header.addProperty("detector", id(chosen.detector()));
    header.addProperty("orientation", detection.orientation().name().toLowerCase(Locale.ROOT));
    header.addProperty(
        "selection", selection.get().map(one -> one.name().toLowerCase(Locale.ROOT)).orElse("all"));
    return header;
  }

  /** Returns the names of the files of a detector with the beginnings of their hashes. */
  private static String id(DetectorModel detector) throws IOException {
    List<String> ids = new ArrayList<>();
    for (ModelFile file : detector.files()) {
      ids.add(
          String.format(
              Locale.ROOT, "%s:%s", file.name().replaceFirst("\\.onnx$", ""), sha256(file)));
    }
    return String.join(" ", ids);
  }

  private static String sha256(ModelFile file) throws IOException {
    try (InputStream content = file.open()) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(content, digest).transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private int print(List<Path> images, JsonObject header, Batch.Work<Answer> work)
      throws IOException {
    answers.printJson();
    answers.object(header);
    answers.forEach(
        "embedding",
        (at, image) -> {
          Answer answer = work.on(at, image);
          if (answer.problem != null) {
            throw answer.problem;
          }
          return answer;
        },
        (image, answer) -> {
          count(answer);
          answers.object(image, answer.body);
        });
    detection.hint(answers);
    return answers.end();
  }

  private int append(List<Path> images, Path output, JsonObject header, Batch.Work<Answer> work)
      throws IOException {
    try (ShutdownSignal shutdown = new ShutdownSignal();
        EmbeddingFile file = EmbeddingFile.open(output, header)) {
      List<Path> missing = images.stream().filter(image -> !file.has(image)).toList();
      try {
        answers.forEach("embedding", missing, shutdown::isRaised, work, receiver(file));
      } catch (RuntimeException | Error e) {
        reportEarlyEnd(missing.size());
        throw e;
      }
      if (answers.successes() + answers.failures() < missing.size()) {
        reportEarlyEnd(missing.size());
        return ExitCode.SOFTWARE;
      }
      return end(images, images.size() - missing.size(), output, file);
    }
  }

  /** Returns what writes an image to the file before it is reported. */
  private Batch.Receiver<Answer> receiver(EmbeddingFile file) {
    return new Batch.Receiver<>() {
      @Override
      public void accept(Path image, Answer answer) {
        file.write(image, answer.body);
        if (answer.problem == null) {
          count(answer);
          answers.succeed();
        } else {
          answers.error(image, answer.problem);
        }
      }

      @Override
      public void refuse(Path image, FaceException problem) {
        if (!file.hasPassingError(image)) {
          file.write(image, Answers.errorOf(image, problem));
        }
        answers.error(image, problem);
      }
    };
  }

  private void count(Answer answer) {
    faces += answer.faces.size();
    detection.count(answer.faces);
  }

  /** Embeds the faces of an image. An error that another run may not meet is thrown. */
  private Answer answer(Path file, FaceDetector detector, FaceEmbedder embedder) {
    JsonObject body = state(file).json(); // before it is read
    try {
      FaceImage image = FaceImage.read(file);
      List<Face> chosen = choose(image, detector.detect(image));
      body.addProperty("width", image.width());
      body.addProperty("height", image.height());
      body.add("faces", json(file, image, chosen, embedder));
      return new Answer(body, chosen, null);
    } catch (ImageException e) {
      if (EmbeddingFile.isPassing(Answers.reason(e))) {
        throw e;
      }
      return failed(file, body, e.inFile(file));
    } catch (RefusedImageException e) {
      return failed(file, body, e);
    }
  }

  /** Returns all faces unless one is to be selected. */
  private List<Face> choose(FaceImage image, List<Face> all) {
    if (selection.or(FaceSelection.CENTRAL) == FaceSelection.ONLY && all.size() > 1) {
      throw new RefusedImageException(
          "several_faces",
          String.format(
              Locale.ROOT,
              "expected one face, found %d: crop the image, or choose another --selection",
              all.size()));
    }
    return selection
        .get()
        .map(one -> one.select(all, image.width(), image.height()).stream().toList())
        .orElse(all);
  }

  private static EmbeddingFile.State state(Path file) {
    try {
      return EmbeddingFile.State.of(file);
    } catch (IOException e) {
      FaceImage.read(file); // throws an exception that explains the cause
      throw new UncheckedIOException(e);
    }
  }

  private static Answer failed(Path file, JsonObject body, FaceException problem) {
    Answers.errorOf(file, problem).entrySet().forEach(e -> body.add(e.getKey(), e.getValue()));
    return new Answer(body, List.of(), problem);
  }

  private static JsonArray json(
      Path file, FaceImage image, List<Face> faces, FaceEmbedder embedder) {
    JsonArray all = new JsonArray();
    try {
      List<FaceEmbedding> embeddings = embedder.embed(image, faces);
      for (int i = 0; i < faces.size(); i++) {
        all.add(json(faces.get(i), embeddings.get(i)));
      }
    } catch (AlignmentException e) {
      // One of them cannot be aligned.
      faces.forEach(face -> all.add(json(file, image, face, embedder)));
    }
    return all;
  }

  private static JsonObject json(Path file, FaceImage image, Face face, FaceEmbedder embedder) {
    try {
      return json(face, embedder.embed(image, face));
    } catch (AlignmentException e) {
      JsonObject line = AnalysisJson.face(AnalyzedFace.of(face));
      line.add("error", Answers.errorOf(file, e).get("error"));
      return line;
    }
  }

  private static JsonObject json(Face face, FaceEmbedding embedding) {
    JsonObject line = AnalysisJson.face(AnalyzedFace.of(face));
    line.addProperty("embedding", Base64.getEncoder().encodeToString(embedding.toBytes()));
    return line;
  }

  private void reportEarlyEnd(int images) {
    answers.note(
        "ended early: %d of %s done, run the same command again for the rest",
        answers.successes() + answers.failures(), Counted.images(images));
  }

  private int end(List<Path> images, int before, Path output, EmbeddingFile file) {
    long failedBefore =
        images.stream().filter(image -> file.has(image) && file.hasError(image)).count();
    detection.hint(answers);
    int exitCode = answers.end();
    if (failedBefore > 0) {
      answers.note("left out by earlier runs: %s", Counted.images(failedBefore));
    }
    if (answers.isJson()) {
      JsonObject summary = new JsonObject();
      summary.addProperty("embedded", answers.successes());
      summary.addProperty("leftOut", answers.failures());
      summary.addProperty("faces", faces);
      summary.addProperty("before", before);
      answers.object(summary);
    }
    answers.text(
        "%s embedded, %s, %d left out%s: %s",
        Counted.images(answers.successes()),
        Counted.faces(faces),
        answers.failures(),
        before == 0 ? "" : String.format(Locale.ROOT, ", %d already there", before),
        FileNames.readable(output));
    return exitCode == ExitCode.OK && failedBefore > 0
            || exitCode == ExitCode.SOFTWARE && before > 0
        ? Answers.SOME_FAILED
        : exitCode;
  }
}
