// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.JsonObject;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.internal.files.FileNames;
import java.io.IOException;
import java.io.PrintWriter;
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

/** Counts the samples of a gallery, exports it, or removes people from it. */
@Command(
    name = "gallery",
    mixinStandardHelpOptions = true,
    description = {
      "Counts the samples of a gallery, exports it, or removes people from it.",
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
      print(modelId, gallery, removed);
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

  private void print(String modelId, FaceGallery gallery, int removed) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      JsonObject line = new JsonObject();
      line.addProperty("model", modelId);
      line.addProperty("samples", gallery.size());
      line.addProperty("persons", gallery.persons());
      if (export != null) {
        line.addProperty("exported", exported);
      }
      if (person != null) {
        line.addProperty("removed", removed);
      }
      out.println(line);
    } else {
      if (export != null) {
        out.printf(Locale.ROOT, "%s exported to %s%n", Counted.samples(exported), export);
      }
      if (person != null) {
        out.printf(Locale.ROOT, "%s removed%n", Counted.samples(removed));
      }
      out.printf(
          Locale.ROOT,
          "model %s, %s of %s%n",
          modelId,
          Counted.samples(gallery.size()),
          Counted.people(gallery.persons()));
    }
    out.flush();
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
    line.addProperty("model", entry.face().modelId());
    line.addProperty("embedding", Base64.getEncoder().encodeToString(entry.face().toBytes()));
    return line + "\n";
  }
}
