// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.omote.face.ModelException;
import io.omote.face.internal.network.Network;
import io.omote.face.internal.network.Networks;
import io.omote.face.models.Manifest.Analyzer;
import io.omote.face.models.Manifest.Archive;
import io.omote.face.models.Manifest.Detector;
import io.omote.face.models.Manifest.Entry;
import io.omote.face.models.Manifest.Point;
import io.omote.face.models.Manifest.Rate;
import io.omote.face.models.Manifest.Recognizer;
import io.omote.face.models.Manifest.Source;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads and validates manifests. Not thread-safe. */
final class ManifestReader {
  private static final TypeAdapter<Manifest> JSON = new Gson().getAdapter(Manifest.class);

  /** Names become paths: no separators, no leading dot. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
  private static final Set<String> PURPOSES =
      Arrays.stream(PackFile.Purpose.values())
          .map(purpose -> purpose.name().toLowerCase(Locale.ROOT))
          .collect(Collectors.toCollection(LinkedHashSet::new));

  /** The highest size of an ONNX file. */
  private static final long MAX_FILE = Integer.MAX_VALUE;

  private static final long MAX_ARCHIVE = 1L << 33;
  private static final int MAX_FILES = 100;

  private final String where;

  private ManifestReader(String where) {
    this.where = where;
  }

  /** Reads a manifest of this library. */
  static Manifest bundled(String name) {
    String resource = "packs/" + name + ".json";
    try (InputStream stream = ModelZoo.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT, "the resource %s of %s is missing", resource, ModelZoo.class));
      }
      return new ManifestReader(resource)
          .read(new InputStreamReader(stream, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new ModelException(resource + " could not be read", e);
    }
  }

  /** Reads a manifest of the user. */
  static Manifest of(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      return new ManifestReader(file.toString()).read(reader);
    } catch (ModelException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // File systems also throw unchecked exceptions, for example if they were closed.
      Interrupts.check(e, "reading " + file);
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "the manifest %s could not be read (%s): check path and permissions",
              file,
              e),
          e);
    }
  }

  static ModelException nameInUse(String name) {
    return new ModelException(
        String.format(
            Locale.ROOT,
            "another pack is already named '%s': choose another name in the manifest",
            name));
  }

  private Manifest read(Reader text) throws IOException {
    try {
      // Gson itself is lenient, and only versions after 2.10 can be told not to be.
      JsonReader reader = new JsonReader(text);
      Manifest manifest = JSON.read(reader);
      check(manifest != null, "it is empty");
      check(reader.peek() == JsonToken.END_DOCUMENT, "something follows the JSON object");
      check(manifest);
      return manifest;
    } catch (MalformedJsonException | EOFException | JsonParseException | NumberFormatException e) {
      // Gson throws the latter for some strings where a number is expected.
      throw new ModelException(
          String.format(
              Locale.ROOT, "the manifest %s is not the JSON of a pack: %s", where, e.getMessage()),
          e);
    }
  }

  private void check(Manifest manifest) {
    checkName("name", manifest.name());
    required("description", manifest.description());
    required("license", manifest.license());
    required("license.name", manifest.license().name());
    required("license.url", manifest.license().url());
    required("license.attribution", manifest.license().attribution());
    checkList("archives", manifest.archives());
    Set<String> archives = new HashSet<>();
    for (Archive archive : manifest.archives()) {
      checkContent("archives", archive.name(), archive.size(), MAX_ARCHIVE, archive.sha256());
      checkUrl(archive.url());
      check(archives.add(archive.name()), "two archives are named " + archive.name());
    }
    checkList("files", manifest.files());
    Set<String> files = new HashSet<>();
    for (Entry file : manifest.files()) {
      check(file, archives);
      check(files.add(file.name()), "two files are named " + file.name());
    }
    if (manifest.analyzers() != null) {
      checkList("analyzers", manifest.analyzers());
      manifest.analyzers().forEach(analyzer -> check(analyzer, files));
    }
    if (manifest.detector() == null && manifest.recognizer() == null) {
      check(
          manifest.knownAnalyzers().size() == 1,
          "it has neither a detector and a recognizer, nor exactly one analyzer");
    } else {
      required("detector", manifest.detector());
      check(manifest.detector(), files);
      required("recognizer", manifest.recognizer());
      check(manifest.recognizer(), files);
    }
  }

  private void check(Entry file, Set<String> archives) {
    checkContent("files", file.name(), file.size(), MAX_FILE, file.sha256());
    check(file.name().endsWith(".onnx"), "the name of " + file.name() + " does not end in .onnx");
    check(
        file.purpose() != null && PURPOSES.contains(file.purpose()),
        String.format(Locale.ROOT, "the purpose of %s is not one of %s", file.name(), PURPOSES));
    checkList("sources", file.sources());
    check(!file.sources().isEmpty(), file.name() + " has no source");
    for (Source source : file.sources()) {
      int kinds = 0;
      if (source.url() != null) {
        checkUrl(source.url());
        kinds++;
      }
      if (source.archive() != null) {
        check(archives.contains(source.archive()), "there is no archive " + source.archive());
        kinds++;
      }
      if (source.resource() != null) {
        check(file.sources().size() == 1, "a file with a resource has another source");
        kinds++;
      }
      check(
          kinds == 1,
          "a source of " + file.name() + " is not exactly one of url, archive, resource");
    }
  }

  private static String names(List<? extends Network<?>> networks) {
    return networks.stream().map(Network::toString).collect(Collectors.joining(", "));
  }

  private void check(Detector detector, Set<String> files) {
    checkList("detector.files", detector.files());
    checkList("detector.inputSizes", detector.inputSizes());
    int count = detector.files().size();
    boolean known =
        detector.family() != null
            && Networks.detector(detector.family())
                .filter(network -> network.takes(count))
                .isPresent();
    check(known, "the detector is not one of " + names(Networks.detectors()));
    check(files.containsAll(detector.files()), "a file of the detector is not among the files");
  }

  private void check(Analyzer analyzer, Set<String> files) {
    checkList("analyzers.files", analyzer.files());
    boolean known =
        analyzer.kind() != null
            && Networks.analyzer(analyzer.kind())
                .filter(network -> network.takes(analyzer.files().size()))
                .isPresent();
    check(known, "an analyzer is not one of " + names(Networks.analyzers()));
    check(files.containsAll(analyzer.files()), "a file of an analyzer is not among the files");
  }

  private void check(Recognizer recognizer, Set<String> files) {
    check(
        recognizer.file() != null && files.contains(recognizer.file()),
        "the file of the recognizer is not among the files");
    required("recognizer.thresholdSource", recognizer.thresholdSource());
    check(isSimilarity(recognizer.threshold()), "the threshold is outside [-1, 1]");
    check(
        Float.isFinite(recognizer.mean()) && recognizer.scale() > 0,
        "mean and scale of the recognizer are not a finite and a positive number");
    checkList("recognizer.operatingPoints", recognizer.operatingPoints());
    for (Point point : recognizer.operatingPoints()) {
      required("dataSet", point.dataSet());
      check(
          isSimilarity(point.threshold()) && isRate(point.fmr()) && isRate(point.fnmr()),
          "an operating point has a threshold outside [-1, 1], or a rate that is not 0 <= lower <="
              + " value <= upper <= 1 with trials, or a value alone");
    }
  }

  private static boolean isSimilarity(double value) {
    return value >= -1 && value <= 1;
  }

  private static boolean isRate(@Nullable Rate rate) {
    if (rate == null || !(rate.value() >= 0 && rate.value() <= 1)) {
      return false;
    }
    if (rate.lower() == null || rate.upper() == null) {
      return rate.lower() == null && rate.upper() == null && rate.trials() == 0;
    }
    return 0 <= rate.lower()
        && rate.lower() <= rate.value()
        && rate.value() <= rate.upper()
        && rate.upper() <= 1
        && rate.trials() > 0;
  }

  private void checkContent(
      String list, @Nullable String name, long size, long max, @Nullable String sha256) {
    checkName("name in " + list, name);
    check(
        size > 0 && size <= max,
        String.format(Locale.ROOT, "the size of %s is not from 1 to %s", name, max));
    check(
        sha256 != null && SHA_256.matcher(sha256).matches(),
        "the sha256 of " + name + " is not 64 lowercase hexadecimal digits");
  }

  private void checkName(String what, @Nullable String name) {
    check(
        name != null && NAME.matcher(name).matches(),
        what + " is not a name of letters, digits, '.', '_' and '-' that does not start with '.'");
  }

  private void checkUrl(@Nullable URI url) {
    boolean web =
        url != null
            && url.getHost() != null
            && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()));
    check(web, "a url is not an http or https address with a host");
  }

  private void checkList(String what, @Nullable List<?> list) {
    check(
        list != null && list.size() <= MAX_FILES && !list.contains(null),
        String.format(Locale.ROOT, "%s is not a list of at most %s", what, MAX_FILES));
  }

  private void required(String what, @Nullable Object value) {
    check(value != null, what + " is missing");
  }

  private void check(boolean condition, String problem) {
    if (!condition) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "the manifest %s is invalid: %s. docs/models.md describes its format",
              where,
              problem));
    }
  }
}
