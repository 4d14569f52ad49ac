// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.messages;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An advice in messages of the library that names its API, and what a user of the command can do
 * instead. Immutable and thread-safe.
 *
 * @param api the advice in a message
 * @param option the option that the user needs for it, or null
 * @param withOption the advice to a user of a command that has the option
 * @param otherwise the advice to others, in the syntax of {@link Pattern}'s replacements
 */
record Advice(Pattern api, @Nullable String option, String withOption, String otherwise) {
  private static final String SMALLER = "use a smaller copy of the image";

  /** Each advice of the library that names its API, except what no command can cause. */
  static final List<Advice> ALL =
      List.of(
          new Advice(
              Pattern.compile(", or choose another FaceSelection than ONLY"),
              "--selection",
              ", or choose the face with --selection",
              ""),
          new Advice(
              Pattern.compile(", or look for faces with Orientation\\.ANY"),
              "--orientation",
              ", or use --orientation any",
              ""),
          replaced("raise ImageOptions\\.max(Bytes|Pixels and maxSide) to accept it", SMALLER),
          replaced("raise ImageOptions\\.\\S+ to accept it", "save the image again, and use that"),
          replaced(
              "give the JVM a larger heap \\(-Xmx\\), process fewer images at once, or lower ImageOptions\\.maxPixels and maxBytes",
              "give Java more memory with -Xmx, or " + SMALLER),
          dropped("(, or )?set ImageOptions\\.acceptTruncated( and add the dependency \\S+)?"),
          replaced("add the dependency \\S+, or convert", "convert"),
          dropped(", or add the dependency \\S+"),
          dropped("; the dependency \\S+ may read the rest of it"),
          dropped(", or use FaceImage\\.read and FaceImage\\.bgr"),
          new Advice(
              Pattern.compile(" and set it with FaceMatcher\\.Builder\\.operatingPoint"),
              "--operating-point",
              " with omote calibrate and give it with --operating-point",
              " with omote calibrate"),
          new Advice(
              Pattern.compile("name the two files with FaceModels\\.of"),
              "--embedder",
              "name the files with --detector and --embedder",
              "name another folder"),
          replaced("describe it with \\S+, or name a folder", "name a folder"),
          replaced("inputSizes (\\S+) need a detector", "passes at $1 need a detector"),
          replaced("leave inputSizes unset, or use a file", "use a file"),
          dropped(", or use Device\\.cpu\\(\\)"),
          dropped("; open a detector or call FaceDetector\\.create before it does"),
          dropped(", or raise maxConcurrentCalls or maxWait"),
          replaced(
              "(?:in code )?(?:with )?ModelZoo\\.get\\w*\\(\"([^\"]+)\".*?\\.fetch\\(\\)",
              "with omote models fetch $1 --accept-license"),
          dropped(", or call ModelStore\\.builder\\(\\)\\.directory\\(\\.\\.\\.\\)"),
          replaced(
              "with -D\\S+=\\.\\.\\. or ModelStore\\.builder\\(\\)\\.directory\\(\\.\\.\\.\\)",
              "with the environment variable OMOTE_MODELS_DIRECTORY"),
          dropped(", or use LuceneGallery\\.openReadOnly"),
          dropped(": open it with (Lucene|Postgres)Gallery\\.open to write"),
          replaced(
              "open it with a higher maximum if memory and time allow, or use PostgresGallery with an index",
              "use a gallery in PostgreSQL"),
          replaced("use LuceneGallery instead", "use a gallery in a folder"),
          dropped(", or open the gallery with PostgresIndex\\.exact\\(\\)"),
          dropped(", or open the gallery with openReadOnly to read only"),
          dropped(" If the pool is exhausted because .*PostgresGallery\\.on\\(Connection\\).*"),
          dropped(": use a data source with connections in auto-commit .*"),
          dropped(" with PostgresOptions\\.withSchema, or"),
          dropped(", with withMakeTables\\(true\\)"));

  private static Advice dropped(String api) {
    return replaced(api, "");
  }

  private static Advice replaced(String api, String otherwise) {
    return new Advice(Pattern.compile(api), null, "", otherwise);
  }

  String in(String message, Predicate<String> hasOption) {
    return api.matcher(message)
        .replaceAll(option != null && hasOption.test(option) ? withOption : otherwise);
  }
}
