// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.JsonObject;
import io.omote.face.Candidate;
import io.omote.face.DuplicateSampleException;
import io.omote.face.Face;
import io.omote.face.FaceException;
import io.omote.face.FaceGallery;
import io.omote.face.FaceModels;
import io.omote.face.GalleryEntry;
import io.omote.face.ModelException;
import io.omote.face.cli.analysis.AnalysisJson;
import io.omote.face.description.OperatingPoint;
import io.omote.face.internal.files.FileNames;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The images of a run in their order, on their way into a gallery. Images are enrolled in batches,
 * and each is reported once it is enrolled. Not thread-safe.
 */
final class Enrollment implements Batch.Receiver<Enrollment.Sample> {
  /** The size of a batch, which is one commit to disk. */
  private static final int BATCH = 50;

  /**
   * The similarity of a face to itself. Two images of one person do not reach it; embeddings of one
   * image on two kinds of processors do.
   */
  private static final double SAME_IMAGE = 0.9999;

  /** The largest share of people who look like somebody else by chance, if that is reported. */
  private static final double FPIR = 0.01;

  private final FaceGallery gallery;
  private final FaceModels models;
  private final DetectionOptions detection;
  private final Answers answers;

  /** The images that are not yet reported, in their order. */
  private final List<Item> pending = new ArrayList<>();

  /** The last samples. Their search may have begun before those before them were in the gallery. */
  private final Deque<GalleryEntry> latest = new ArrayDeque<>();

  private OptionalDouble threshold;
  private final Set<String> people = new HashSet<>();
  private int groups;
  private int lookalikes;

  /**
   * A sample to enroll.
   *
   * @param face the face that counts
   * @param faces the number of faces in the image
   * @param nearest the two people of the gallery who are most similar
   */
  record Sample(GalleryEntry entry, Face face, int faces, List<Candidate> nearest) {}

  /**
   * An image that waits for its batch.
   *
   * @param sample the sample; null if there is a problem
   * @param isNew whether the gallery does not have the sample yet
   * @param lookalike another person with a similar face
   */
  private record Item(
      Path image,
      @Nullable Sample sample,
      boolean isNew,
      Optional<Candidate> lookalike,
      @Nullable FaceException problem) {
    static Item ofProblem(Path image, FaceException problem) {
      return new Item(image, null, false, Optional.empty(), problem);
    }

    GalleryEntry entry() {
      return sample.entry;
    }
  }

  Enrollment(FaceGallery gallery, FaceModels models, DetectionOptions detection, Answers answers) {
    this.gallery = gallery;
    this.models = models;
    this.detection = detection;
    this.answers = answers;
    threshold = lookalikeThreshold();
  }

  /**
   * Returns the highest threshold with a known error rate; empty if, in a gallery of this size,
   * more people may reach it by chance than are worth a look.
   */
  private OptionalDouble lookalikeThreshold() {
    try {
      models.identificationPolicy(FPIR).at(gallery.modelId(), gallery.size());
    } catch (ModelException e) {
      return OptionalDouble.empty();
    }
    return models.operatingPoints().stream().mapToDouble(OperatingPoint::threshold).max();
  }

  @Override
  public void accept(Path image, Sample sample) {
    Optional<Candidate> other = mostSimilarOther(sample);
    if (other.filter(Enrollment::isSameImage).isPresent()) {
      refuse(image, sameImage(other.get()));
      return;
    }
    latest.add(sample.entry);
    if (latest.size() > BATCH + Batch.maxAhead()) {
      latest.remove();
    }
    detection.count(List.of(sample.face));
    add(new Item(image, sample, !isEnrolled(sample), other.filter(this::isLookalike), null));
  }

  @Override
  public void refuse(Path image, FaceException problem) {
    add(Item.ofProblem(image, problem));
  }

  private void add(Item item) {
    pending.add(item);
    if (pending.size() == BATCH) {
      flush();
    }
  }

  /** Returns the sample of another person that is most similar. */
  private Optional<Candidate> mostSimilarOther(Sample sample) {
    GalleryEntry own = sample.entry;
    Stream<Candidate> recent =
        latest.stream()
            .filter(entry -> !entry.person().equals(own.person()))
            .map(
                entry ->
                    new Candidate(
                        entry.person(), entry.sample(), entry.face().similarity(own.face())));
    return Stream.concat(
            sample.nearest.stream().filter(found -> !found.person().equals(own.person())), recent)
        .max(Comparator.comparingDouble(Candidate::similarity));
  }

  private boolean isLookalike(Candidate candidate) {
    return threshold.isPresent() && candidate.similarity() >= threshold.getAsDouble();
  }

  private static boolean isSameImage(Candidate candidate) {
    return candidate.similarity() >= SAME_IMAGE;
  }

  /** Returns whether the gallery has the sample, from the same image. */
  private static boolean isEnrolled(Sample sample) {
    return sample.nearest.stream()
        .anyMatch(
            found ->
                isSameImage(found)
                    && found.person().equals(sample.entry.person())
                    && found.sample().equals(sample.entry.sample()));
  }

  /** Returns the sample of another person that is from the same image as a face. */
  static Optional<Candidate> sameFace(String person, List<Candidate> nearest) {
    return nearest.stream()
        .filter(found -> !found.person().equals(person) && isSameImage(found))
        .findFirst();
  }

  /** Returns the problem of a face that is enrolled as somebody else. */
  static FaceException sameImage(Candidate other) {
    return new RefusedImageException(
        "duplicate",
        String.format(
            Locale.ROOT,
            "the same face of the same image is enrolled as %s (%s): decide who it is, and remove the other",
            other.person(),
            other.sample()));
  }

  private static FaceException otherImage(GalleryEntry entry) {
    return new RefusedImageException(
        "changed",
        String.format(
            Locale.ROOT,
            "%s is enrolled from another image with the name %s: rename this image, or remove that sample first",
            entry.person(),
            entry.sample()));
  }

  /**
   * Enrolls and reports what is pending, at once or, if one of the samples is refused, each by
   * itself. An error of the gallery ends the run; what it did not enroll is pending still.
   */
  void flush() {
    List<Item> batch = List.copyOf(pending);
    List<GalleryEntry> entries = batch.stream().filter(Item::isNew).map(Item::entry).toList();
    boolean isWhole = true;
    try {
      if (!entries.isEmpty()) {
        gallery.enroll(entries);
      }
    } catch (DuplicateSampleException refused) {
      isWhole = false;
    }
    pending.clear();
    for (Item item : batch) {
      report(isWhole || !item.isNew ? item : enrollAlone(item));
    }
    threshold = lookalikeThreshold();
  }

  private Item enrollAlone(Item item) {
    try {
      gallery.enroll(List.of(item.entry()));
      return item;
    } catch (DuplicateSampleException e) {
      return Item.ofProblem(item.image, otherImage(item.entry()));
    }
  }

  private void report(Item item) {
    if (item.sample == null) {
      answers.error(item.image, item.problem);
      return;
    }
    answers.succeed();
    people.add(item.entry().person());
    if (item.sample.faces > 1) {
      groups++;
    }
    if (item.lookalike.isPresent()) {
      lookalikes++;
    }
    if (answers.isJson()) {
      answers.object(item.image, json(item));
    } else {
      item.lookalike.ifPresent(
          other ->
              answers.note(
                  "%s: enrolled, but looks like %s (%s, similarity %.2f): check who it is",
                  FileNames.readable(item.image),
                  other.person(),
                  other.sample(),
                  other.similarity()));
    }
  }

  private static JsonObject json(Item item) {
    JsonObject line = new JsonObject();
    line.addProperty("person", item.entry().person());
    line.addProperty("sample", item.entry().sample());
    JsonObject face = AnalysisJson.place(item.sample.face);
    face.addProperty("of", item.sample.faces);
    line.add("face", face);
    item.lookalike.ifPresent(
        other -> {
          JsonObject who = new JsonObject();
          who.addProperty("person", other.person());
          who.addProperty("sample", other.sample());
          who.addProperty("similarity", other.similarity());
          line.add("lookalike", who);
        });
    return line;
  }

  /** Returns the people that this run enrolled or found enrolled. */
  Set<String> people() {
    return people;
  }

  /** Returns what is special about some of the enrolled images, for people; or an empty text. */
  String remarks() {
    List<String> remarks = new ArrayList<>();
    if (groups > 0) {
      remarks.add(String.format(Locale.ROOT, "%d with several faces", groups));
    }
    if (lookalikes > 0) {
      remarks.add(String.format(Locale.ROOT, "%d that look like somebody else", lookalikes));
    }
    return remarks.isEmpty() ? "" : " (" + String.join(", ", remarks) + ")";
  }
}
