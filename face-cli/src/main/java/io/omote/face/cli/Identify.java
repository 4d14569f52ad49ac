// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.omote.face.BoundingBox;
import io.omote.face.Candidate;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.IdentificationPolicy;
import io.omote.face.cli.GallerySearch.Found;
import io.omote.face.cli.GallerySearch.Probe;
import io.omote.face.cli.GallerySearch.Result;
import io.omote.face.cli.analysis.AnalysisJson;
import io.omote.face.cli.messages.OptionException;
import io.omote.face.description.ErrorRate;
import io.omote.face.internal.files.FileNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Identifies the people in images with a gallery. */
@Command(
    name = "identify",
    mixinStandardHelpOptions = true,
    description = {
      "Searches a gallery for all faces of images. Folders are searched for images.",
      "The threshold follows from the size of the gallery and the false positive identification"
          + " rate (FPIR), or is your own. An image that cannot be read does not end the run."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were read",
      "1:no result; the message says why",
      "2:invalid options",
      "3:some images could not be read"
    })
final class Identify implements Callable<Integer> {
  @Mixin private final GalleryArgument address = new GalleryArgument();
  @Mixin private final ModelOptions models = new ModelOptions();
  @Mixin private final DetectionOptions detection = new DetectionOptions();
  @Mixin private final Answers answers = new Answers();

  @ArgGroup private final IdentificationDecision decision = new IdentificationDecision();

  @Option(
      names = "--limit",
      paramLabel = "COUNT",
      description =
          "print this many candidates for each face, also those below the threshold; by default those"
              + " that reach it")
  private @Nullable Integer limit;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE_OR_FOLDER",
      description = "images, and folders of images")
  private List<Path> inputs;

  @Override
  public Integer call() throws IOException {
    int threads = Batch.threadsPerImage(answers.walk(inputs, Answers.IMAGES).images().size());
    checkLimit();
    FaceModels chosen = models.models();
    IdentificationPolicy policy = decision.policy(chosen);
    try (FaceDetector detector = detection.open(chosen.detector(), threads);
        FaceEmbedder embedder = FaceEmbedder.builder(chosen.embedder()).threads(threads).build();
        FaceGallery gallery = address.openToRead(embedder.modelId())) {
      GallerySearch search =
          new GallerySearch(
              gallery, policy, limit == null ? OptionalInt.empty() : OptionalInt.of(limit));
      answers.forEach(
          "searching",
          (at, image) -> search.search(probes(image, detector, embedder)),
          (image, result) -> print(image, search.upToDate(result)));
    }
    detection.hint(answers);
    return answers.end();
  }

  private void checkLimit() {
    if (limit != null && (limit < 1 || limit > FaceGallery.MAX_LIMIT)) {
      throw new OptionException(
          String.format(
              Locale.ROOT,
              "--limit: expected a number from 1 to %d, found %d",
              FaceGallery.MAX_LIMIT,
              limit));
    }
  }

  private static List<Probe> probes(Path file, FaceDetector detector, FaceEmbedder embedder) {
    FaceImage image = FaceImage.read(file);
    List<Face> faces = detector.detect(image);
    List<FaceEmbedding> embeddings = embedder.embed(image, faces);
    return IntStream.range(0, faces.size())
        .mapToObj(at -> new Probe(faces.get(at), embeddings.get(at)))
        .toList();
  }

  private void print(Path file, Result result) {
    detection.count(result.found().stream().map(Found::face).toList());
    if (answers.isJson()) {
      answers.object(file, json(result));
      return;
    }
    answers.text(
        "%s: %s, threshold %.4f for %s%s",
        FileNames.readable(file),
        Counted.faces(result.found().size()),
        result.point().threshold(),
        Counted.samples(result.samples()),
        result
            .point()
            .fpir()
            .map(rate -> String.format(Locale.ROOT, ", FPIR %.2g", rate.value()))
            .orElse(""));
    result.found().forEach(this::print);
  }

  private void print(Found found) {
    BoundingBox box = found.face().box();
    answers.text(
        "  %s at %.0f,%.0f to %.0f,%.0f",
        found.identified().map(Candidate::person).orElse("not in the gallery"),
        box.left(),
        box.top(),
        box.right(),
        box.bottom());
    for (Candidate candidate : found.candidates()) {
      answers.text(
          "    %.4f %s, %s", candidate.similarity(), candidate.person(), candidate.sample());
    }
  }

  private static JsonObject json(Result result) {
    JsonArray faces = new JsonArray();
    result.found().forEach(found -> faces.add(json(found)));
    JsonObject json = new JsonObject();
    json.add("gallery", Answers.size(result.samples(), result.persons()));
    json.addProperty("threshold", result.point().threshold());
    json.addProperty("fpir", result.point().fpir().map(ErrorRate::value).orElse(null));
    json.add("faces", faces);
    return json;
  }

  private static JsonObject json(Found found) {
    JsonArray candidates = new JsonArray();
    for (Candidate one : found.candidates()) {
      JsonObject candidate = new JsonObject();
      candidate.addProperty("person", one.person());
      candidate.addProperty("sample", one.sample());
      candidate.addProperty("similarity", one.similarity());
      candidates.add(candidate);
    }
    JsonObject json = AnalysisJson.place(found.face());
    json.addProperty("identified", found.identified().map(Candidate::person).orElse(null));
    json.add("candidates", candidates);
    return json;
  }
}
