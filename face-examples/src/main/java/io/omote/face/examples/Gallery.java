// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import com.google.gson.JsonObject;
import io.omote.face.FaceGallery;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says what is in a gallery, exports it, removes people. */
@Command(
    name = "gallery",
    mixinStandardHelpOptions = true,
    description = "Counts what is in a gallery, exports it, or removes people from it.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:it is done",
      "1:no gallery, or it cannot be used; the text says why",
      "2:wrong options",
      "3:who was to be removed was not there"
    })
final class Gallery implements Callable<Integer> {
  private static final int NOT_THERE = 3;

  @Mixin private final GalleryAddress address = new GalleryAddress();
  @Spec private CommandSpec spec;

  @Option(
      names = "--export",
      paramLabel = "FILE",
      description =
          "new file for all samples, JSON Lines with the embeddings, which are biometric data")
  private @Nullable Path export;

  @Option(names = "--remove", paramLabel = "PERSON", description = "person to remove")
  private @Nullable String person;

  @Option(
      names = "--sample",
      paramLabel = "SAMPLE",
      description = "with --remove: that sample of the person only")
  private @Nullable String sample;

  @Option(names = "--json", description = "print a JSON object")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (sample != null && person == null) {
      throw new ParameterException(
          spec.commandLine(), "expected --remove with --sample, found none");
    }
    String modelId = address.modelId();
    int removed = 0;
    try (FaceGallery gallery =
        person == null ? address.openToRead(modelId) : address.open(modelId)) {
      if (person != null) {
        removed =
            sample == null ? gallery.removePerson(person) : gallery.remove(person, sample) ? 1 : 0;
      }
      if (export != null) {
        write(gallery, export);
      }
      print(modelId, gallery, removed);
    }
    return person != null && removed == 0 ? NOT_THERE : 0;
  }

  private void print(String modelId, FaceGallery gallery, int removed) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      JsonObject line = new JsonObject();
      line.addProperty("model", modelId);
      line.addProperty("samples", gallery.size());
      line.addProperty("persons", gallery.persons());
      if (person != null) {
        line.addProperty("removed", removed);
      }
      out.println(line);
    } else {
      if (person != null) {
        out.printf("%d samples removed%n", removed);
      }
      out.printf(
          "model %s, %d samples of %d persons%n", modelId, gallery.size(), gallery.persons());
    }
    out.flush();
  }

  /** A line for each sample. */
  private static void write(FaceGallery gallery, Path file) throws IOException {
    try (BufferedWriter writer = newPrivateFile(file);
        ProgressBar progress = Progress.of("exporting", "samples", gallery.size())) {
      gallery.forEach(
          entry -> {
            progress.step();
            JsonObject line = new JsonObject();
            line.addProperty("person", entry.person());
            line.addProperty("sample", entry.sample());
            line.addProperty("model", entry.face().modelId());
            line.addProperty(
                "embedding", Base64.getEncoder().encodeToString(entry.face().toBytes()));
            try {
              writer.write(line + "\n");
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  /** Only its owner can read it, from its first byte on. */
  private static BufferedWriter newPrivateFile(Path file) throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(file);
    }
    return Files.newBufferedWriter(file);
  }

  public static void main(String[] args) {
    Examples.main(new Gallery(), args);
  }
}
