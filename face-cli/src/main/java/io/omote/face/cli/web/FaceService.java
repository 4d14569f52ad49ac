// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.omote.face.AlignmentException;
import io.omote.face.Candidate;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatch;
import io.omote.face.FaceSelection;
import io.omote.face.IdentificationPoint;
import io.omote.face.ImageException;
import io.omote.face.ImageOptions;
import io.omote.face.ModelException;
import io.omote.face.SelectedFace;
import io.omote.face.cli.analysis.AnalysisJson;
import io.omote.face.cli.analysis.AnalyzedFace;
import io.omote.face.cli.analysis.FaceAnalysis;
import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import io.omote.face.internal.files.ImageFile;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The answers. Each is that of the command of its name, with the same numbers. As many images are
 * decoded at a time as there are processors; nothing of an image is kept.
 *
 * <p>Safe for use by several threads at once. What it is made of must stay open as long as it is
 * used, and is not closed by it.
 */
public final class FaceService {
  private static final int CANDIDATES = 5;

  private final ImageOptions limits = ImageOptions.defaults();
  private final FaceDetector detector;
  private final FaceEmbedder embedder;
  private final FaceAnalysis analysis;
  private final List<OperatingPoint> operatingPoints;
  private final Optional<ScoreDistributions> scores;
  private final Optional<KnownPeople> people;

  /** In the order in which requests came. */
  private final Semaphore turns = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

  /**
   * Makes the service of open networks.
   *
   * @param detector finds faces to compare and to identify
   * @param embedder embeds them
   * @param analysis looks at all faces of an image
   * @param operatingPoints the error rates that are known of the models
   * @param report how similarities of these models are distributed; that of the bundled pack is
   *     known
   * @param people whom to look for
   * @throws ModelException if the report is of other models, or no measurement supports the rate
   *     that is wanted of the gallery
   */
  public FaceService(
      FaceDetector detector,
      FaceEmbedder embedder,
      FaceAnalysis analysis,
      List<OperatingPoint> operatingPoints,
      @Nullable ScoreDistributions report,
      @Nullable KnownPeople people) {
    this.detector = detector;
    this.embedder = embedder;
    this.analysis = analysis;
    this.operatingPoints = List.copyOf(operatingPoints);
    this.people = Optional.ofNullable(people);
    scores = scores(report, embedder.modelId());
    this.people.ifPresent(known -> known.at(known.now(FaceGallery::size))); // before anybody asks
  }

  private static Optional<ScoreDistributions> scores(
      @Nullable ScoreDistributions given, String modelId) {
    if (given != null) {
      if (!given.modelId().equals(modelId)) {
        throw new ModelException(
            String.format(
                Locale.ROOT,
                "expected a report of the model in use, %s, found one of %s: evaluate these models",
                modelId,
                given.modelId()));
      }
      return Optional.of(given);
    }
    ScoreDistributions lite = ScoreDistributions.ofLite();
    return lite.modelId().equals(modelId) ? Optional.of(lite) : Optional.empty();
  }

  /** What runs here, and what a similarity of it means. */
  JsonObject about() {
    JsonObject about = new JsonObject();
    about.addProperty("modelId", embedder.modelId());
    about.addProperty("threshold", embedder.threshold());
    operatingPoint().ifPresent(point -> about.add("operatingPoint", Json.tree(point)));
    scores.ifPresent(report -> about.add("scores", Json.tree(report)));
    people.ifPresent(known -> about.add("gallery", known.now(FaceService::size)));
    JsonObject limit = new JsonObject();
    limit.addProperty("bytes", limits.maxBytes());
    limit.addProperty("pixels", limits.maxPixels());
    about.add("limits", limit);
    return about;
  }

  /** The error rates at the threshold: those of the models, or those of the report. */
  private Optional<OperatingPoint> operatingPoint() {
    return operatingPoints.stream()
        .filter(point -> point.threshold() == embedder.threshold())
        .findFirst()
        .or(() -> scores.map(ScoreDistributions::defaultThreshold).filter(this::isAtThreshold));
  }

  private boolean isAtThreshold(OperatingPoint point) {
    return point.threshold() == embedder.threshold();
  }

  private static JsonObject size(FaceGallery gallery) {
    JsonObject size = new JsonObject();
    size.addProperty("samples", gallery.size());
    size.addProperty("persons", gallery.persons());
    return size;
  }

  /** The largest image file, in bytes. */
  long maxBytes() {
    return limits.maxBytes();
  }

  /** What an answer says of an image. */
  @FunctionalInterface
  private interface Look<A> {
    A at(FaceImage image) throws HttpProblem;
  }

  /** Decodes an image once it is its turn, and forgets it. */
  private <A> A look(String part, byte[] encoded, Look<A> look)
      throws HttpProblem, InterruptedException {
    turns.acquire();
    try {
      return look.at(FaceImage.read(encoded, limits));
    } catch (ImageException e) {
      throw HttpProblem.of(part, e);
    } catch (AlignmentException e) {
      throw HttpProblem.of(part, e);
    } finally {
      turns.release();
    }
  }

  /** All faces of an image, with all that is said of them. */
  JsonObject faces(byte[] encoded) throws HttpProblem, InterruptedException {
    return look(
        "image",
        encoded,
        image -> {
          JsonArray faces = new JsonArray();
          for (AnalyzedFace analyzed : analysis.analyze(image)) {
            JsonObject face = AnalysisJson.face(analyzed);
            addCrop(face, image, analyzed.face());
            faces.add(face);
          }
          JsonObject answer = size(image);
          answer.add("faces", faces);
          return answer;
        });
  }

  /**
   * The face of an image that counts.
   *
   * @param embedding its embedding, which is in no answer
   * @param json what the answer says of it
   */
  private record Side(FaceEmbedding embedding, JsonObject json) {}

  /** Whether two images show one person. */
  JsonObject compare(byte[] first, byte[] second) throws HttpProblem, InterruptedException {
    Side one = side("first", first);
    Side other = side("second", second);
    FaceMatch match = FaceMatch.of(one.embedding.similarity(other.embedding), embedder.threshold());
    JsonObject answer = new JsonObject();
    answer.addProperty("similarity", match.similarity());
    answer.addProperty("threshold", match.threshold());
    answer.addProperty("samePerson", match.isSamePerson());
    answer.add("first", one.json);
    answer.add("second", other.json);
    return answer;
  }

  private Side side(String part, byte[] encoded) throws HttpProblem, InterruptedException {
    Optional<Side> side =
        look(
            part,
            encoded,
            image ->
                detector
                    .detectOne(image, FaceSelection.CENTRAL)
                    .map(selected -> side(image, selected)));
    return side.orElseThrow(
        () ->
            new HttpProblem(
                422,
                "no_face",
                String.format(
                    Locale.ROOT,
                    "%s: expected a face, found none: use an image in which the face is larger or turned to the camera",
                    part)));
  }

  private Side side(FaceImage image, SelectedFace selected) {
    JsonObject json = size(image);
    json.addProperty("faceCount", selected.faceCount());
    JsonObject face = AnalysisJson.face(AnalyzedFace.of(selected.face()));
    addCrop(face, image, selected.face());
    json.add("face", face);
    return new Side(embedder.embed(image, selected.face()), json);
  }

  /** Who is in an image, as far as they are in the gallery. */
  JsonObject identify(byte[] encoded) throws HttpProblem, InterruptedException {
    KnownPeople known =
        people.orElseThrow(
            () ->
                new HttpProblem(
                    404,
                    "no_gallery",
                    "expected a gallery, found none: start the server with --gallery"));
    return look("image", encoded, image -> identify(image, known));
  }

  private JsonObject identify(FaceImage image, KnownPeople known) throws HttpProblem {
    List<Face> faces = detector.detect(image);
    List<FaceEmbedding> embeddings = embedder.embed(image, faces);
    JsonObject answer = size(image);
    // Last: who is removed while the networks work is not named any more.
    known.now(
        gallery -> {
          IdentificationPoint point = point(known, gallery.size());
          answer.add("gallery", size(gallery));
          answer.addProperty("threshold", point.threshold());
          point.fpir().map(ErrorRate::value).ifPresent(fpir -> answer.addProperty("fpir", fpir));
          JsonArray found = new JsonArray();
          for (int at = 0; at < faces.size(); at++) {
            found.add(identify(faces.get(at), embeddings.get(at), gallery, point));
          }
          answer.add("faces", found);
          return answer;
        });
    return answer;
  }

  private static IdentificationPoint point(KnownPeople known, int samples) throws HttpProblem {
    try {
      return known.at(samples);
    } catch (ModelException e) {
      // The gallery has grown beyond what was measured; only the operator can change it.
      throw new HttpProblem(503, "threshold", e.getMessage());
    }
  }

  private static JsonObject identify(
      Face face, FaceEmbedding embedding, FaceGallery gallery, IdentificationPoint point) {
    List<Candidate> candidates = gallery.search(embedding, CANDIDATES);
    JsonObject json = AnalysisJson.face(AnalyzedFace.of(face));
    json.add("candidates", Json.tree(candidates));
    candidates.stream()
        .findFirst()
        .filter(first -> first.similarity() >= point.threshold())
        .ifPresent(first -> json.addProperty("identified", first.person()));
    return json;
  }

  private static JsonObject size(FaceImage image) {
    JsonObject size = new JsonObject();
    size.addProperty("width", image.width());
    size.addProperty("height", image.height());
    return size;
  }

  /** What the recognition network sees of a face, as PNG. */
  private void addCrop(JsonObject json, FaceImage image, Face face) {
    if (face.landmarks().isEmpty()) {
      return;
    }
    byte[] png = ImageFile.png(embedder.align(image, face).toBufferedImage());
    json.addProperty("crop", Base64.getEncoder().encodeToString(png));
  }
}
