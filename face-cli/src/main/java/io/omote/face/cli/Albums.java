// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.JsonObject;
import io.omote.face.Album;
import io.omote.face.AlbumPoint;
import io.omote.face.Candidate;
import io.omote.face.DuplicateSampleException;
import io.omote.face.Face;
import io.omote.face.FaceAlbums;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.FaceGallery;
import io.omote.face.FaceGraph;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.GalleryEntry;
import io.omote.face.ModelException;
import io.omote.face.attribute.EnrollmentGate;
import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.attribute.MeasuredQuality.Property;
import io.omote.face.cli.albums.AlbumNames;
import io.omote.face.cli.albums.AlbumsJson;
import io.omote.face.cli.albums.ContactSheet;
import io.omote.face.cli.albums.FaceLocation;
import io.omote.face.cli.albums.LeftOut;
import io.omote.face.cli.image.DisplayedImage;
import io.omote.face.cli.messages.OptionException;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.RetinaFaceModel;
import io.omote.face.internal.files.FileNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Groups the faces of images by person. */
@Command(
    name = "albums",
    mixinStandardHelpOptions = true,
    description = {
      "Groups the faces in images by person. Folders are searched for images.",
      "Albums are proposals. People of a gallery keep their names and are never merged. Two faces of"
          + " one image are never in one album.",
      "Faces that are too small, blurred or dark are left out: even those of different people"
          + " resemble each other."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were read; some may show no face",
      "1:no result; the message says why",
      "2:invalid options",
      "3:some images could not be read, or some named faces were not enrolled"
    })
final class Albums implements Callable<Integer> {
  /** The lowest score in albums; docs/identification.md has the measurements behind it. */
  private static final double MIN_RETINA_FACE_SCORE = 0.9;

  @Mixin private final ModelOptions models = new ModelOptions();
  @Mixin private final DetectionOptions detection = new DetectionOptions();
  @Mixin private final Answers answers = new Answers();
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0..*",
      arity = "1..*",
      paramLabel = "FILE_OR_FOLDER",
      description = "images, and folders of images")
  private List<Path> inputs;

  @Option(
      names = "--threshold",
      paramLabel = "COSINE",
      description =
          "minimum similarity at which two faces alone are one person; by default a threshold of the"
              + " models at which one face in ten has a false link, for the number of faces")
  private @Nullable Double threshold;

  @Option(
      names = "--gallery",
      paramLabel = "GALLERY",
      converter = GalleryLocation.Address.class,
      description =
          "gallery of people with names: folder, or JDBC URL of a PostgreSQL with pgvector")
  private @Nullable String gallery;

  @Option(
      names = "--gallery-name",
      paramLabel = "NAME",
      defaultValue = "faces",
      converter = GalleryLocation.Name.class,
      description = "name of the gallery in a database; by default ${DEFAULT-VALUE}")
  private String galleryName;

  @Option(
      names = "--names",
      paramLabel = "FILE",
      description =
          "names that a contact sheet of the same images saved: their faces are enrolled in the"
              + " gallery, which is created if it is missing")
  private @Nullable Path names;

  @Option(
      names = "--sheet",
      paramLabel = "FOLDER",
      description =
          "folder for a contact sheet: index.html and the crops of the faces; existing files are"
              + " never replaced")
  private @Nullable Path sheet;

  /**
   * A face of an image.
   *
   * @param face the face
   * @param leftOut why it is left out of the albums; empty if it is not
   * @param embedding the embedding, unless the face is left out
   * @param crop its crop, if there is a sheet
   */
  private record Found(
      Face face,
      List<String> leftOut,
      @Nullable FaceEmbedding embedding,
      @Nullable FaceImage crop) {}

  /** All faces, in the order of the images. */
  private final List<FaceLocation> faces = new ArrayList<>();

  private final Map<Integer, List<String>> leftOut = new TreeMap<>();

  /** The indices of the faces that are grouped, with their embeddings and images. */
  private final List<Integer> grouped = new ArrayList<>();

  private final List<FaceEmbedding> embeddings = new ArrayList<>();
  private final List<Path> images = new ArrayList<>();

  /** True if some of the named faces were not found. */
  private boolean isIncomplete;

  @Override
  public Integer call() throws IOException {
    FaceModels chosen = models.models();
    checkThreshold(chosen);
    if (names != null && gallery == null) {
      throw new ParameterException(
          spec.commandLine(), "--names needs --gallery: name the gallery that receives the people");
    }
    if (gallery != null && names == null) {
      new GalleryLocation(gallery, galleryName).modelId(); // fails now rather than after hours
    }
    AlbumNames named = names == null ? null : AlbumNames.read(names);
    List<Path> walked = answers.walkOnce(inputs, Answers.IMAGES).images();
    if (named != null) {
      checkNames(named, walked);
    }
    int count = walked.size();
    EnrollmentGate gate = gate(chosen.detector());
    Grouping grouping;
    ContactSheet crops;
    try (FaceDetector detector = detection.open(chosen.detector(), 1);
        FaceEmbedder embedder = FaceEmbedder.builder(chosen.embedder()).threads(1).build()) {
      checkGallery(embedder.modelId());
      crops = sheet == null ? null : ContactSheet.in(sheet);
      answers.forEach(
          "detecting faces",
          (at, image) -> find(image, detector, embedder, gate),
          (image, found) -> add(image, found, crops));
      if (named != null) {
        enroll(named, embedder.modelId());
      }
      grouping = group(chosen, embedder.modelId());
    }
    String summary =
        String.format(
            Locale.ROOT,
            "%s in %s: %s, %s in no album, %s left out",
            Counted.faces(faces.size()),
            Counted.images(count),
            Counted.albums(grouping.albums.albums().size()),
            Counted.faces(grouping.albums.ungrouped().size()),
            Counted.faces(leftOut.size()));
    if (crops != null) {
      crops.write(summary, faces, grouped, grouping.albums, leftOut);
    }
    print(grouping, summary);
    detection.hint(answers);
    int exitCode = answers.end();
    return exitCode == ExitCode.OK && isIncomplete ? Answers.SOME_FAILED : exitCode;
  }

  /**
   * Albums, and the threshold that gave them.
   *
   * @param point the point with the threshold, empty if the threshold was given
   */
  private record Grouping(FaceAlbums albums, double threshold, Optional<AlbumPoint> point) {
    /** Returns the threshold and what is known about it. */
    String thresholdText() {
      return point
          .map(
              measured ->
                  String.format(
                      Locale.ROOT,
                      "threshold %.4f for %s: FMR %.2g, %.2g false links of a face to expect%s",
                      threshold,
                      Counted.faces(measured.faces()),
                      measured.fmr(),
                      measured.falseLinks(),
                      measured.isSupported()
                          ? ""
                          : String.format(
                              Locale.ROOT,
                              "; no measurement supports %s, so the strictest one is used: check"
                                  + " the albums, or raise --threshold",
                              AlbumPoint.MAX_FALSE_LINKS)))
          .orElseGet(() -> String.format(Locale.ROOT, "threshold %.4f, as given", threshold));
    }
  }

  /**
   * Returns the gate that faces must pass. RetinaFace also finds faces that are half hidden or out
   * of focus, with low scores. Those of different people resemble each other.
   */
  private static EnrollmentGate gate(DetectorModel detector) {
    EnrollmentGate gate = EnrollmentGate.defaults();
    return detector instanceof RetinaFaceModel
        ? gate.with(Property.DETECTOR_SCORE, MIN_RETINA_FACE_SCORE)
        : gate;
  }

  private List<Found> find(
      Path file, FaceDetector detector, FaceEmbedder embedder, EnrollmentGate gate)
      throws IOException {
    DisplayedImage shown = DisplayedImage.read(file);
    FaceImage image = shown.stored();
    List<Found> found = new ArrayList<>();
    for (Face face : detector.detect(image)) {
      List<String> shortfalls = LeftOut.reasons(gate.check(MeasuredQuality.of(image, face)));
      found.add(
          new Found(
              face,
              shortfalls,
              shortfalls.isEmpty() ? embedder.embed(image, face) : null,
              sheet == null ? null : embedder.align(shown.onWhite(), face)));
    }
    return found;
  }

  private void add(Path file, List<Found> found, @Nullable ContactSheet crops) throws IOException {
    detection.count(found.stream().map(Found::face).toList());
    for (Found face : found) {
      int index = faces.size();
      faces.add(new FaceLocation(file, face.face.box()));
      if (face.embedding == null) {
        leftOut.put(index, face.leftOut);
      } else {
        grouped.add(index);
        embeddings.add(face.embedding);
        images.add(file);
      }
      if (crops != null && face.crop != null) {
        crops.add(index, face.crop);
      }
    }
  }

  /** Checks, before a face is written, what would otherwise fail only at the end. */
  private void checkThreshold(FaceModels chosen) {
    if (threshold == null) {
      point(chosen, 0);
    } else {
      OptionException.check("--threshold", () -> FaceGraph.of(List.of(), threshold));
    }
  }

  /** Opens the gallery, before a face is written: this would otherwise fail only at the end. */
  private void checkGallery(String modelId) {
    if (gallery != null) {
      GalleryLocation location = new GalleryLocation(gallery, galleryName);
      (names == null ? location.openToRead(modelId) : location.open(modelId)).close();
    }
  }

  /** Checks that some image has a name, before a gallery is created. */
  private void checkNames(AlbumNames named, List<Path> walked) {
    if (walked.stream().noneMatch(named::isAbout)) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "expected the images that %s names, found none of them: name the same images by the same paths as for the sheet",
              FileNames.readable(names)));
    }
  }

  /** Enrolls the faces that have names. A face that was enrolled before stays as it is. */
  private void enroll(AlbumNames named, String modelId) {
    int enrolled = 0;
    try (FaceGallery target = new GalleryLocation(gallery, galleryName).open(modelId)) {
      int before = target.size();
      for (int i = 0; i < grouped.size(); i++) {
        FaceLocation face = faces.get(grouped.get(i));
        Optional<String> person = named.person(face);
        if (person.isPresent()) {
          enrolled += enroll(target, person.get(), face, embeddings.get(i)) ? 1 : 0;
        }
      }
      int added = target.size() - before;
      answers.text(
          "%s enrolled by name%s",
          Counted.faces(added),
          added == enrolled
              ? ""
              : String.format(Locale.ROOT, ", %d enrolled before", enrolled - added));
    }
    if (named.missing() > 0) {
      isIncomplete = true;
      answers.note(
          "not found among the faces of these images, or left out: %s of %s",
          Counted.faces(named.missing()), FileNames.readable(names));
    }
  }

  private boolean enroll(
      FaceGallery target, String person, FaceLocation face, FaceEmbedding embedding) {
    try {
      GalleryEntry entry = new GalleryEntry(person, face.description(), embedding);
      Optional<Candidate> other = Enrollment.sameFace(person, target.search(embedding, 2));
      if (other.isPresent()) {
        answers.error(face.image(), Enrollment.sameImage(other.get()));
        return false;
      }
      target.enroll(List.of(entry));
      return true;
    } catch (DuplicateSampleException e) {
      answers.error(face.image(), "duplicate", e.getMessage());
    } catch (IllegalArgumentException e) { // the path is too long for the name of a sample
      answers.error(face.image(), "invalid_name", e.getMessage());
    }
    return false;
  }

  private static AlbumPoint point(FaceModels chosen, int faces) {
    try {
      return chosen.albumPoint(faces);
    } catch (ModelException e) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "%s has no threshold with a measured false match rate: give one with --threshold COSINE",
              chosen.embedder().file()),
          e);
    }
  }

  private Grouping group(FaceModels chosen, String modelId) {
    if (gallery == null) {
      return group(chosen, 0, least -> FaceGraph.of(embeddings, images, least));
    }
    try (FaceGallery named = new GalleryLocation(gallery, galleryName).openToRead(modelId)) {
      return group(chosen, named.size(), least -> FaceGraph.of(embeddings, images, least, named));
    }
  }

  private Grouping group(FaceModels chosen, int samples, DoubleFunction<FaceGraph> graph) {
    Optional<AlbumPoint> point =
        threshold == null
            ? Optional.of(point(chosen, embeddings.size() + samples))
            : Optional.empty();
    double least = point.map(AlbumPoint::threshold).orElseGet(() -> threshold);
    return new Grouping(FaceAlbums.of(graph.apply(least)), least, point);
  }

  private void print(Grouping grouping, String summary) {
    if (answers.isJson()) {
      JsonObject first = new JsonObject();
      first.addProperty("threshold", grouping.threshold);
      grouping.point.ifPresent(
          point -> {
            first.addProperty("fmr", point.fmr());
            first.addProperty("falseLinks", point.falseLinks());
            first.addProperty("supported", point.isSupported());
          });
      answers.object(first);
      AlbumsJson.objects(faces, grouped, grouping.albums, leftOut).forEach(answers::object);
      return;
    }
    answers.text("%s", summary);
    answers.text("%s", grouping.thresholdText());
    int number = 1;
    for (Album album : grouping.albums.albums()) {
      answers.text(
          "%s: %s", album.person().orElse("album " + number), Counted.faces(album.faces().size()));
      number++;
      for (Album.Proposal proposal : album.faces()) {
        answers.text(
            "  %.4f %s",
            proposal.similarity(), faces.get(grouped.get(proposal.face())).description());
      }
    }
    if (!leftOut.isEmpty()) {
      answers.text("left out: %s", Counted.faces(leftOut.size()));
      leftOut.forEach(
          (face, reasons) ->
              answers.text("  %s: %s", faces.get(face).description(), String.join(", ", reasons)));
    }
  }
}
