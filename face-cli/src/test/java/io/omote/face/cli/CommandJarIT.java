// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the runnable jar contains: licenses of all libraries, and the libraries themselves. */
class CommandJarIT {
  private static final String LIST = "META-INF/licenses/libraries.txt";
  private static final String OVERVIEW = "META-INF/licenses/THIRD-PARTY.txt";

  private static final Pattern TEXT_OF_A_LIBRARY =
      Pattern.compile(
          "META-INF/licenses/.*[^/]|(META-INF/)?(AL2.0|LGPL2.1|(?i:LICEN[SC]E|NOTICE|COPYING"
              + "|COPYRIGHT|ThirdPartyNotices)[^/]*)");

  /** The first bytes of native code: ELF, PE, Mach-O (also for two processors), static library. */
  private static final Pattern NATIVE =
      Pattern.compile("7f454c46|4d5a....|c[ef]faedfe|feedfac[ef]|cafebabe|213c6172");

  private static JarFile jar;

  /** The jar of each library in the runnable jar, by group:artifact. */
  private static final Map<String, JarFile> LIBRARIES = new TreeMap<>();

  @BeforeAll
  static void open() throws IOException {
    jar = new JarFile(Path.of("target/omote.jar").toFile());
    Pattern library = Pattern.compile(" +([^: ]+:([^: ]+)):jar:([^: ]+):\\w+( .*)?");
    for (String line : text(jar, LIST).lines().skip(1).filter(l -> !l.isBlank()).toList()) {
      var matcher = library.matcher(line);
      assertThat(matcher.matches()).as(line).isTrue();
      String file = String.join("-", matcher.group(2), matcher.group(3)) + ".jar";
      LIBRARIES.put(matcher.group(1), new JarFile(onClassPath(file).toFile()));
    }
    assertThat(LIBRARIES).containsKey("com.microsoft.onnxruntime:onnxruntime");
  }

  @AfterAll
  static void close() throws IOException {
    jar.close();
    for (JarFile library : LIBRARIES.values()) {
      library.close();
    }
  }

  private static Stream<Path> classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of);
  }

  private static Path onClassPath(String file) {
    return classPath().filter(path -> path.endsWith(file)).findFirst().orElseThrow();
  }

  private static String text(JarFile file, String name) {
    return new String(bytes(file, name, Integer.MAX_VALUE), UTF_8);
  }

  private static byte[] bytes(JarFile file, String name, int limit) {
    try (InputStream stream = file.getInputStream(file.getEntry(name))) {
      return stream.readNBytes(limit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> names(JarFile file) {
    return file.stream().filter(entry -> !entry.isDirectory()).map(JarEntry::getName);
  }

  private static boolean isClass(String name) {
    return name.endsWith(".class") && !name.endsWith("module-info.class");
  }

  /** Returns the files that the overview names, by library, as names in the jar. */
  private static Map<String, List<String>> overview() {
    Map<String, List<String>> files = new LinkedHashMap<>();
    String library = "";
    for (String line : text(jar, OVERVIEW).lines().toList()) {
      if (line.matches("[\\w.-]+:[\\w.-]+ .*")) {
        library = line.substring(0, line.indexOf(' '));
        assertThat(files.put(library, new ArrayList<>())).as("%s is listed once", library).isNull();
      } else if (line.matches(" {4}\\S+")) {
        files.get(library).add("META-INF/" + line.strip());
      }
    }
    return files;
  }

  /** Returns the words of a text, because copies of a license are wrapped differently. */
  private static String words(String text) {
    return text.replace("https:", "http:").replaceAll("\\s+", " ").strip();
  }

  @Test
  void overview_hasEveryLibrary_andATextForEach() {
    assertThat(overview().keySet())
        .as("libraries in src/main/licenses/THIRD-PARTY.txt")
        .containsExactlyInAnyOrderElementsOf(LIBRARIES.keySet());
    overview()
        .forEach((library, files) -> assertThat(files).as("texts of %s", library).isNotEmpty());
  }

  @Test
  void overview_namesEveryTextInTheJar_andNoOther() {
    Set<String> named = overview().values().stream().flatMap(List::stream).collect(toSet());
    named.addAll(Set.of("META-INF/LICENSE", "META-INF/NOTICE", LIST, OVERVIEW));
    // Beside the weights of the bundled packs; NOTICE has them too.
    named.add("io/omote/face/models/lite/LICENSE");
    named.add("io/omote/face/models/lite/LICENSE-retinaface");

    Set<String> texts =
        names(jar)
            .filter(name -> !isClass(name))
            .filter(
                name ->
                    TEXT_OF_A_LIBRARY.matcher(name).matches()
                        || name.matches("(.*/)?(LICENSE|NOTICE)[^/]*"))
            .collect(toCollection(TreeSet::new));
    assertThat(texts).containsExactlyInAnyOrderElementsOf(named);
  }

  @Test
  void everyTextOfALibrary_isAmongThoseThatTheOverviewNames() {
    Map<String, List<String>> overview = overview();
    LIBRARIES.forEach(
        (library, file) -> {
          List<String> kept =
              overview.getOrDefault(library, List.of()).stream()
                  .map(name -> words(text(jar, name)))
                  .toList();
          names(file)
              .filter(name -> TEXT_OF_A_LIBRARY.matcher(name).matches())
              .forEach(
                  name ->
                      assertThat(kept.contains(words(text(file, name))))
                          .as("the jar has %s of %s", name, library)
                          .isTrue());
        });
  }

  @Test
  void noticesOfOpenCv_wereWrittenForThisVersion() {
    String file = Path.of(LIBRARIES.get("org.openpnp:opencv").getName()).getFileName().toString();
    String version = file.replaceAll("^opencv-|-\\d+\\.jar$", "");
    assertThat(text(jar, "META-INF/licenses/opencv/ThirdPartyNotices.txt"))
        .startsWith(String.format(Locale.ROOT, "OpenCV %s: ", version));
  }

  @Test
  void licenseAndNotice_areThoseOfOmote_notOfALibrary() throws IOException {
    for (String name : List.of("LICENSE", "NOTICE")) {
      assertThat(text(jar, "META-INF/" + name))
          .as(name)
          .isEqualTo(Files.readString(Path.of("..", name)));
    }
  }

  @Test
  void everyModule_carriesLicenseAndNotice_inItsSourcesToo() throws IOException {
    List<Path> modules =
        classPath().filter(path -> path.getFileName().toString().matches("face-.*\\.jar")).toList();
    assertThat(modules).hasSizeGreaterThanOrEqualTo(5);
    for (Path module : modules) {
      Path sources = Path.of(module.toString().replaceFirst("\\.jar$", "-sources.jar"));
      for (Path path : List.of(module, sources)) {
        try (JarFile file = new JarFile(path.toFile())) {
          assertThat(names(file)).as("%s", path).contains("META-INF/LICENSE", "META-INF/NOTICE");
        }
      }
    }
  }

  /** The bundled networks are nearly all of it. */
  @Test
  void jarOfModels_isBelowElevenMegabytes() {
    Path models =
        classPath()
            .filter(path -> path.getFileName().toString().matches("face-models-.*\\.jar"))
            .findFirst()
            .orElseThrow();
    assertThat(models.toFile().length()).isLessThan(11_000_000);
  }

  @Test
  void classes_areThoseOfOmoteAndOfTheListedLibraries() {
    Set<String> listed = LIBRARIES.values().stream().flatMap(CommandJarIT::names).collect(toSet());
    assertThat(names(jar).filter(CommandJarIT::isClass))
        .allMatch(name -> name.startsWith("io/omote/") || listed.contains(name));
    LIBRARIES.forEach(
        (library, file) ->
            assertThat(names(file).filter(CommandJarIT::isClass))
                .as("classes of %s", library)
                .anyMatch(name -> jar.getEntry(name) != null));
  }

  @Test
  void nativeCode_isThatOfThePlatform() {
    String platforms =
        String.format(
            Locale.ROOT,
            "(ai/onnxruntime/native/%s|nu/pattern/opencv/%s)/[^/]+",
            pattern("onnxruntime.natives"),
            pattern("opencv.natives"));
    List<String> found =
        names(jar)
            .filter(name -> !name.endsWith(".class"))
            .filter(
                name ->
                    NATIVE.matcher(HexFormat.of().formatHex(bytes(jar, name, 4))).matches()
                        || name.matches(".*\\.(so|dll|dylib|jnilib|a|exe)(\\.\\d+)*"))
            .toList();
    assertThat(found).allMatch(name -> name.matches(platforms));
    assertThat(found).anyMatch(name -> name.contains("onnxruntime4j_jni"));
    assertThat(found).anyMatch(name -> name.contains("opencv_java"));
  }

  private static String pattern(String property) {
    String natives = System.getProperty(property);
    return natives.equals("**") ? ".*" : Pattern.quote(natives);
  }

  @Test
  void services_haveTheProvidersOfAllLibraries() {
    Map<String, Set<String>> expected = new TreeMap<>();
    Stream<JarFile> files = LIBRARIES.values().stream();
    files.forEach(
        file ->
            names(file)
                .filter(name -> name.startsWith("META-INF/services/"))
                .forEach(
                    name ->
                        expected
                            .computeIfAbsent(name, key -> new TreeSet<>())
                            .addAll(providers(file, name))));
    assertThat(expected).containsKey("META-INF/services/java.sql.Driver");
    expected.forEach(
        (name, providers) ->
            assertThat(providers(jar, name))
                .as(name)
                .containsAll(providers)
                .doesNotHaveDuplicates());
  }

  private static List<String> providers(JarFile file, String name) {
    return text(file, name)
        .lines()
        .map(line -> line.replaceFirst("#.*", "").strip())
        .filter(line -> !line.isEmpty())
        .toList();
  }

  @Test
  void entries_areUnique_withoutSignaturesOfLibrariesAndModules() {
    assertThat(names(jar)).doesNotHaveDuplicates();
    assertThat(names(jar))
        .noneMatch(
            name -> name.matches("META-INF/[^/]*\\.(SF|DSA|RSA|EC)|(.*/)?module-info.class"));
  }
}
