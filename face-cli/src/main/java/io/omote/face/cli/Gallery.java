// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.JsonObject;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.cli.models.ModelNames;
import io.omote.face.internal.files.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Stack;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Counts the samples of a gallery, exports or imports them, or removes people. */
@Command(
    name = "gallery",
    mixinStandardHelpOptions = true,
    description = {
      "Counts the samples of a gallery, exports or imports them, or removes people.",
      "--import adds the samples of an export or of another gallery, and creates the gallery if it is"
          + " missing. Nothing is written unless all of them are valid and none contradicts the"
          + " gallery. If it ends early, run the same command again.",
      "With --export and --remove, the export comes first and includes the person to remove; nobody"
          + " is removed unless the whole export is on disk."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done",
      "1:no gallery, or it cannot be used; the message says why",
      "2:invalid options",
      "3:the person or sample to remove is not in the gallery; nothing was done"
    })
final class Gallery implements Callable<Integer> {
  private static final int NOT_THERE = 3;

  @Mixin private final GalleryArgument address = new GalleryArgument();
  @Spec private CommandSpec spec;

  @Option(
      names = "--export",
      paramLabel = "FILE",
      description =
          "new file for all samples, as JSON Lines with their embeddings, which are biometric data")
  private @Nullable Path export;

  @Option(
      names = "--import",
      paramLabel = "FILE|FOLDER",
      description =
          "add the samples of a file that --export wrote, or of the gallery in a folder, also to a"
              + " gallery in a database")
  private @Nullable Path source;

  @Option(
      names = "--remove",
      paramLabel = "PERSON",
      preprocessor = AnyName.class,
      description = "person to remove; write --remove=-NAME for a name that begins with a hyphen")
  private @Nullable String person;

  @Option(
      names = "--sample",
      paramLabel = "SAMPLE",
      preprocessor = AnyName.class,
      description = "with --remove: remove only this sample of the person")
  private @Nullable String sample;

  @Option(names = "--json", description = "print a JSON object")
  private boolean json;

  private int exported;

  /** Accepts names after an equals sign that begin with a hyphen, even those of options. */
  static final class AnyName implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      if (!"=".equals(info.get("separator")) || !words.peek().startsWith("-")) {
        return false;
      }
      if (option.getValue() != null) {
        throw new ParameterException(
            command.commandLine(), "expected one name, found a second one: " + words.peek());
      }
      option.setValue(FileNames.argument(words.pop()));
      return true;
    }
  }

  @Override
  public Integer call() throws IOException {
    if (sample != null && person == null) {
      throw new ParameterException(spec.commandLine(), "--sample needs --remove: name the person");
    }
    if (source != null) {
      return importFrom(source);
    }
    if (export != null) {
      ExportFile.check(export);
    }
    String modelId = address.modelId();
    try (FaceGallery gallery =
        person == null ? address.openToRead(modelId) : address.open(modelId)) {
      if (export != null && !export(gallery, export)) {
        return notThere();
      }
      int removed = person == null ? 0 : remove(gallery, person);
      if (person != null && removed == 0) {
        return notThere();
      }
      JsonObject changes = new JsonObject();
      if (export != null) {
        changes.addProperty("exported", exported);
        say("%s exported to %s", Counted.samples(exported), FileNames.readable(export));
      }
      if (person != null) {
        changes.addProperty("removed", removed);
        say("%s removed", Counted.samples(removed));
      }
      print(gallery, changes);
    }
    return 0;
  }

  private int importFrom(Path from) throws IOException {
    if (export != null || person != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--import excludes --export and --remove: run one command after the other");
    }
    if (Files.exists(from) && address.isIn(from)) {
      throw new ParameterException(
          spec.commandLine(), "expected samples of another gallery, found this gallery itself");
    }
    try (Samples samples = Samples.in(from)) {
      GalleryImport all = new GalleryImport(samples, address);
      try (FaceGallery gallery = all.run()) {
        JsonObject changes = new JsonObject();
        changes.addProperty("imported", all.imported());
        changes.addProperty("repeated", all.repeated());
        say(
            "%s imported from %s%s",
            Counted.samples(all.imported()),
            FileNames.readable(from),
            all.repeated() == 0
                ? ""
                : String.format(Locale.ROOT, ", %d already there", all.repeated()));
        print(gallery, changes);
      }
    }
    return 0;
  }

  private int remove(FaceGallery gallery, String name) {
    if (sample == null) {
      return gallery.removePerson(name);
    }
    return gallery.remove(name, sample) ? 1 : 0;
  }

  private int notThere() {
    spec.commandLine()
        .getErr()
        .printf(
            Locale.ROOT,
            "'%s'%s is not in the gallery: nothing was removed%s%n",
            person,
            sample == null ? "" : String.format(Locale.ROOT, " with a sample '%s'", sample),
            export == null ? "" : " or exported");
    spec.commandLine().getErr().flush();
    return NOT_THERE;
  }

  private void print(FaceGallery gallery, JsonObject changes) {
    if (json) {
      JsonObject line = new JsonObject();
      line.addProperty("modelId", gallery.modelId());
      line.add("gallery", Answers.size(gallery.size(), gallery.persons()));
      changes.entrySet().forEach(change -> line.add(change.getKey(), change.getValue()));
      spec.commandLine().getOut().println(Answers.line(line));
    }
    say(
        "model %s, %s of %s",
        ModelNames.of(gallery.modelId()),
        Counted.samples(gallery.size()),
        Counted.people(gallery.persons()));
    spec.commandLine().getOut().flush();
  }

  /** Prints a line of text, unless JSON is printed. */
  private void say(String format, Object... values) {
    if (!json) {
      spec.commandLine().getOut().println(String.format(Locale.ROOT, format, values));
    }
  }

  /**
   * Writes a line for each sample. The file exists only once all of them are on disk.
   *
   * @return whether the export includes the person to remove; if not, no file is created
   */
  private boolean export(FaceGallery gallery, Path file) throws IOException {
    AtomicBoolean isThere = new AtomicBoolean(person == null);
    try (ExportFile whole = ExportFile.open(file);
        Progress progress = Progress.of("exporting", "samples", gallery.size())) {
      gallery.forEach(
          entry -> {
            whole.write(line(entry));
            exported++;
            progress.step();
            if (entry.person().equals(person)
                && (sample == null || entry.sample().equals(sample))) {
              isThere.set(true);
            }
          });
      if (isThere.get()) {
        whole.publish();
      }
    }
    return isThere.get();
  }

  private static String line(GalleryEntry entry) {
    JsonObject line = new JsonObject();
    line.addProperty("person", entry.person());
    line.addProperty("sample", entry.sample());
    line.addProperty("modelId", entry.face().modelId());
    line.addProperty("embedding", Base64.getEncoder().encodeToString(entry.face().toBytes()));
    return Answers.line(line) + "\n";
  }
}
