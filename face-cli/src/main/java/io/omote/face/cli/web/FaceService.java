// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.omote.face.AlignmentException;
import io.omote.face.BoundingBox;
import io.omote.face.Candidate;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatch;
import io.omote.face.FaceModels;
import io.omote.face.FaceSelection;
import io.omote.face.IdentificationPoint;
import io.omote.face.ImageException;
import io.omote.face.ImageOptions;
import io.omote.face.Landmarks.Point;
import io.omote.face.ModelException;
import io.omote.face.cli.analysis.AnalysisJson;
import io.omote.face.cli.analysis.AnalyzedFace;
import io.omote.face.cli.analysis.FaceAnalysis;
import io.omote.face.cli.models.ModelNames;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import io.omote.face.internal.files.ImageFile;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The answers of the API. Each has the same numbers as the command of its name. At most one image
 * per processor is decoded concurrently, and no image is kept.
 *
 * <p>Thread-safe. The networks and the gallery must stay open as long as this is used; it does not
 * close them.
 */
public final class FaceService {
  private static final int CANDIDATES = 5;
  private static final int TURNS = Runtime.getRuntime().availableProcessors();

  private final ImageOptions limits = ImageOptions.defaults();
  private final FaceDetector detector;
  private final FaceEmbedder embedder;
  private final FaceAnalysis analysis;
  private final List<OperatingPoint> operatingPoints;
  private final Optional<ScoreDistributions> scores;
  private final Optional<LiveGallery> people;

  /** Limits concurrent decoding, in the order of the requests. */
  private final Semaphore turns = new Semaphore(TURNS, true);

  /**
   * Creates a service from open networks.
   *
   * @param detector the detector for comparing and identifying
   * @param embedder the embedder
   * @param analysis the detector and analyzers for {@code /api/faces}
   * @param models the models, whose measured error rates are shown
   * @param report the distribution of similarities of these models; those of the bundled packs are
   *     built in
   * @param people the gallery to search
   * @throws ModelException if the report belongs to other models, or no measurement supports the
   *     error rate for the size of the gallery
   */
  public FaceService(
      FaceDetector detector,
      FaceEmbedder embedder,
      FaceAnalysis analysis,
      FaceModels models,
      @Nullable ScoreDistributions report,
      @Nullable LiveGallery people) {
    this.detector = detector;
    this.embedder = embedder;
    this.analysis = analysis;
    this.operatingPoints = List.copyOf(models.operatingPoints());
    this.people = Optional.ofNullable(people);
    scores = scores(report, embedder.modelId(), models.detector());
    this.people.ifPresent(known -> known.at(known.query(FaceGallery::size))); // fails at the start
  }

  private static Optional<ScoreDistributions> scores(
      @Nullable ScoreDistributions given, String modelId, DetectorModel detector) {
    if (given != null) {
      if (!given.modelId().equals(modelId)) {
        throw new ModelException(
            String.format(
                Locale.ROOT,
                "the report belongs to another model: expected %s, found %s: evaluate the models in use",
                ModelNames.of(modelId),
                ModelNames.of(given.modelId())));
      }
      return Optional.of(given);
    }
    ScoreDistributions bundled = ScoreDistributions.ofBundled(detector);
    return bundled.modelId().equals(modelId) ? Optional.of(bundled) : Optional.empty();
  }

  /** Returns the models and the meaning of their similarities. */
  JsonObject about() {
    JsonObject about = new JsonObject();
    about.addProperty("model", ModelNames.of(embedder.modelId()));
    about.addProperty("modelId", embedder.modelId());
    about.addProperty("threshold", embedder.threshold());
    operatingPoint().ifPresent(point -> about.add("operatingPoint", Json.tree(point)));
    scores.ifPresent(report -> about.add("scores", Json.tree(report)));
    people.ifPresent(known -> about.add("gallery", known.query(FaceService::size)));
    JsonObject limit = new JsonObject();
    limit.addProperty("bytes", limits.maxBytes());
    limit.addProperty("pixels", limits.maxPixels());
    limit.addProperty("concurrent", TURNS);
    about.add("limits", limit);
    return about;
  }

  /** Returns a drawing of the distributions of similarities, for a width in pixels. */
  JsonObject plot(int width) throws HttpProblem {
    ScoreDistributions known =
        scores.orElseThrow(
            () ->
                new HttpProblem(
                    404,
                    "no_scores",
                    "the distributions of these models are unknown: run omote evaluate, and start the server with its report.json as --report"));
    JsonObject plot = new JsonObject();
    plot.addProperty("svg", known.histogram().toSvg(embedder.threshold(), width));
    return plot;
  }

  /** Returns the error rates at the threshold, from the models or from the report. */
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

  /** Returns the maximum size of an image file, in bytes. */
  long maxBytes() {
    return limits.maxBytes();
  }

  /** Answers a request about an image. */
  @FunctionalInterface
  private interface ImageHandler<A> {
    A handle(FaceImage image) throws HttpProblem;
  }

  /** Decodes an image when its turn comes, and handles it. */
  private <A> A decode(Upload upload, ImageHandler<A> handler)
      throws HttpProblem, InterruptedException {
    turns.acquire();
    try {
      return handler.handle(FaceImage.read(upload.image(), limits));
    } catch (ImageException e) {
      throw HttpProblem.of(upload.part(), e);
    } catch (AlignmentException e) {
      throw HttpProblem.of(upload.part(), e);
    } finally {
      turns.release();
    }
  }

  /** Returns all faces of an image with the results of all analyzers. */
  JsonObject faces(Upload upload) throws HttpProblem, InterruptedException {
    return decode(
        upload,
        image -> {
          List<AnalyzedFace> all = analysis.analyze(image);
          JsonArray faces = new JsonArray();
          for (AnalyzedFace analyzed : all) {
            JsonObject face = AnalysisJson.face(analyzed);
            addCrop(face, image, analyzed.face());
            faces.add(face);
          }
          JsonObject answer = size(image);
          answer.add("faces", faces);
          List<Face> found = all.stream().map(AnalyzedFace::face).toList();
          FaceSelection.CENTRAL
              .select(found, image.width(), image.height())
              .ifPresent(central -> answer.addProperty("central", found.indexOf(central)));
          return answer;
        });
  }

  /**
   * The selected face of an image.
   *
   * @param embedding its embedding, which is not part of the answer
   * @param json its part of the answer
   */
  private record Side(FaceEmbedding embedding, JsonObject json) {}

  /** Compares two images. */
  JsonObject compare(Upload first, Upload second) throws HttpProblem, InterruptedException {
    Side one = side(first);
    Side other = side(second);
    FaceMatch match = FaceMatch.of(one.embedding.similarity(other.embedding), embedder.threshold());
    JsonObject answer = new JsonObject();
    answer.addProperty("similarity", match.similarity());
    answer.addProperty("threshold", match.threshold());
    answer.addProperty("samePerson", match.isSamePerson());
    answer.add("first", one.json);
    answer.add("second", other.json);
    return answer;
  }

  private Side side(Upload upload) throws HttpProblem, InterruptedException {
    return decode(upload, image -> side(image, upload));
  }

  private Side side(FaceImage image, Upload upload) throws HttpProblem {
    List<Face> faces = detector.detect(image);
    Face face = selected(faces, image, upload);
    JsonObject json = size(image);
    json.addProperty("faceCount", faces.size());
    JsonArray boxes = new JsonArray();
    faces.forEach(each -> boxes.add(AnalysisJson.face(AnalyzedFace.of(each)).get("box")));
    json.add("boxes", boxes);
    JsonObject chosen = AnalysisJson.face(AnalyzedFace.of(face));
    addCrop(chosen, image, face);
    json.add("face", chosen);
    return new Side(embedder.embed(image, face), json);
  }

  /** Returns the face at the point that was sent, or the central one. */
  private static Face selected(List<Face> faces, FaceImage image, Upload upload)
      throws HttpProblem {
    Face central =
        FaceSelection.CENTRAL
            .select(faces, image.width(), image.height())
            .orElseThrow(
                () ->
                    new HttpProblem(
                        422,
                        "no_face",
                        String.format(
                            Locale.ROOT,
                            "%s: no upright face was found: use an image in which the face is larger or turned to the camera, or turn the image",
                            upload.part())));
    if (upload.point().isEmpty()) {
      return central;
    }
    Point point = upload.point().get();
    return faces.stream()
        .filter(face -> contains(face.box(), point))
        .min(Comparator.comparingDouble(face -> distance(face.box(), point)))
        .orElseThrow(
            () ->
                new HttpProblem(
                    422,
                    "no_face",
                    String.format(
                        Locale.ROOT,
                        "%s: no face was found at %s,%s: send a point in one of the boxes of /api/faces",
                        upload.part(),
                        point.x(),
                        point.y())));
  }

  private static boolean contains(BoundingBox box, Point point) {
    return box.left() <= point.x()
        && point.x() <= box.right()
        && box.top() <= point.y()
        && point.y() <= box.bottom();
  }

  private static double distance(BoundingBox box, Point point) {
    return Math.hypot(box.centerX() - point.x(), box.centerY() - point.y());
  }

  /** Identifies the people in an image with the gallery. */
  JsonObject identify(Upload upload) throws HttpProblem, InterruptedException {
    LiveGallery known =
        people.orElseThrow(
            () ->
                new HttpProblem(
                    404, "no_gallery", "there is no gallery: start the server with --gallery"));
    return decode(upload, image -> identify(image, known));
  }

  private JsonObject identify(FaceImage image, LiveGallery known) throws HttpProblem {
    List<Face> faces = detector.detect(image);
    List<FaceEmbedding> embeddings = embedder.embed(image, faces);
    JsonObject answer = size(image);
    // Searches last: people removed while the networks run must not be identified.
    known.query(
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

  private static IdentificationPoint point(LiveGallery known, int samples) throws HttpProblem {
    try {
      return known.at(samples);
    } catch (ModelException e) {
      // The gallery has outgrown what was measured; only the operator can fix that.
      throw new HttpProblem(503, "threshold", e.getMessage());
    }
  }

  private static JsonObject identify(
      Face face, FaceEmbedding embedding, FaceGallery gallery, IdentificationPoint point) {
    // Names of people who are less similar than the threshold would only mislead.
    List<Candidate> candidates =
        gallery.search(embedding, CANDIDATES).stream()
            .filter(candidate -> candidate.similarity() >= point.threshold())
            .toList();
    JsonObject json = AnalysisJson.face(AnalyzedFace.of(face));
    json.add("candidates", Json.tree(candidates));
    candidates.stream()
        .findFirst()
        .ifPresent(first -> json.addProperty("identified", first.person()));
    return json;
  }

  private static JsonObject size(FaceImage image) {
    JsonObject size = new JsonObject();
    size.addProperty("width", image.width());
    size.addProperty("height", image.height());
    return size;
  }

  /** Adds the input of the recognizer, as PNG. */
  private void addCrop(JsonObject json, FaceImage image, Face face) {
    if (face.landmarks().isEmpty()) {
      return;
    }
    byte[] png = ImageFile.png(embedder.align(image, face).toBufferedImage());
    json.addProperty("crop", Base64.getEncoder().encodeToString(png));
  }
}
