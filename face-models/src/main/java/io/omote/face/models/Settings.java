// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.models.http.HttpLimits;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where packs are kept and how they are fetched. Immutable and thread-safe.
 *
 * @param directory the folder that has one folder a pack
 * @param insightFace InsightFace's folder of the same layout, only read
 * @param mirror what is asked in the place of all sources
 * @param offline whether no socket may be opened
 * @param limits time limits
 */
record Settings(
    Path directory, Path insightFace, Optional<URI> mirror, boolean offline, HttpLimits limits) {
  static final String DIRECTORY = "omote.models.directory";
  static final String MIRROR = "omote.models.mirror";
  static final String OFFLINE = "omote.models.offline";
  static final String ACCEPT_LICENSE = "omote.models.acceptLicense";

  /** What the builder was given, system properties, environment: the first that says something. */
  record Sources(
      UnaryOperator<@Nullable String> properties, UnaryOperator<@Nullable String> environment) {
    static final Sources PROCESS = new Sources(System::getProperty, System::getenv);

    Optional<String> find(String property) {
      return text(properties.apply(property)).or(() -> text(environment.apply(variable(property))));
    }

    Optional<String> property(String property) {
      return text(properties.apply(property));
    }

    Optional<String> environment(String variable) {
      return text(environment.apply(variable));
    }

    private static Optional<String> text(@Nullable String value) {
      return Optional.ofNullable(value).filter(s -> !s.isBlank());
    }

    /** {@code omote.models.offline} is {@code OMOTE_MODELS_OFFLINE}. */
    private static String variable(String property) {
      return property.toUpperCase(Locale.ROOT).replace('.', '_');
    }
  }

  static Settings resolve(ModelStore.Builder builder, Sources sources) {
    Path home = Path.of(sources.property("user.home").orElse("."));
    Path directory =
        Optional.ofNullable(builder.directory)
            .or(() -> sources.find(DIRECTORY).map(Path::of))
            .orElseGet(() -> cacheDirectory(home, sources));
    Path insightFace =
        Optional.ofNullable(builder.insightFace)
            .orElseGet(() -> home.resolve(".insightface").resolve("models"));
    Optional<URI> mirror =
        Optional.ofNullable(builder.mirror)
            .or(() -> sources.find(MIRROR).map(URI::create))
            .map(Settings::checkedMirror);
    boolean offline =
        builder.offline != null
            ? builder.offline
            : sources.find(OFFLINE).map(Settings::parseBoolean).orElse(false);
    return new Settings(
        directory.toAbsolutePath().normalize(), insightFace, mirror, offline, builder.limits);
  }

  private static boolean parseBoolean(String value) {
    return switch (value.trim().toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes" -> true;
      case "false", "0", "no" -> false;
      default ->
          throw new IllegalArgumentException(
              "expected true or false for " + OFFLINE + ", found '" + value + "'");
    };
  }

  private static URI checkedMirror(URI mirror) {
    boolean web = "https".equals(mirror.getScheme()) || "http".equals(mirror.getScheme());
    if (!web || mirror.getHost() == null || mirror.getQuery() != null) {
      throw new IllegalArgumentException(
          "expected a mirror as an http or https address without a query, as in"
              + " https://models.example.org/omote, found another kind of address");
    }
    String text = mirror.toString();
    return text.endsWith("/") ? mirror : URI.create(text + "/");
  }

  private static Path cacheDirectory(Path home, Sources sources) {
    String system = sources.property("os.name").orElse("").toLowerCase(Locale.ROOT);
    Path caches;
    if (system.contains("windows")) {
      caches =
          sources
              .environment("LOCALAPPDATA")
              .map(Path::of)
              .orElseGet(() -> home.resolve("AppData").resolve("Local"));
    } else if (system.contains("mac")) {
      caches = home.resolve("Library").resolve("Caches");
    } else {
      caches =
          sources
              .environment("XDG_CACHE_HOME")
              .map(Path::of)
              // The specification says that a relative one does not count.
              .filter(Path::isAbsolute)
              .orElseGet(() -> home.resolve(".cache"));
    }
    return caches.resolve("omote").resolve("models");
  }
}
