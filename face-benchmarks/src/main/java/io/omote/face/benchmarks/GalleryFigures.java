// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.Candidate;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.gallery.LuceneGallery;
import io.omote.face.gallery.PostgresGallery;
import io.omote.face.gallery.PostgresIndex;
import io.omote.face.gallery.PostgresOptions;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures the cost and exactness of galleries, each engine on the same vectors. The vectors are
 * written to files, to measure other engines with them.
 */
@Command(
    name = "gallery-figures",
    mixinStandardHelpOptions = true,
    description = "Measures galleries of random faces, five samples per person.")
final class GalleryFigures implements Callable<Integer> {
  private static final String MODEL = "random:0123456789ab";
  private static final int DIMENSION = 512;
  private static final int SAMPLES_PER_PERSON = 5;
  private static final int BATCH = 10_000;
  private static final int LIMIT = 10;
  private static final int EF_SEARCH = 200;

  @Option(
      names = "--samples",
      paramLabel = "COUNT",
      defaultValue = "100000",
      description = "by default ${DEFAULT-VALUE}")
  private int samples;

  @Option(
      names = "--probes",
      paramLabel = "COUNT",
      defaultValue = "200",
      description = "by default ${DEFAULT-VALUE}")
  private int count;

  @Option(
      names = "--postgres",
      paramLabel = "URL",
      description = "JDBC URL of a PostgreSQL database with pgvector")
  private @Nullable String postgres;

  @Parameters(
      index = "0",
      paramLabel = "FOLDER",
      description = "folder for vectors.f32, probes.f32 and the gallery")
  private Path folder;

  private final List<FaceEmbedding> probes = new ArrayList<>();

  private static FaceEmbedding random(Random random) {
    float[] raw = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      raw[i] = (float) random.nextGaussian();
    }
    return FaceEmbedding.ofRaw(MODEL, raw);
  }

  /** Returns a face with a cosine of about 0.77 to the center, and 0.59 to others of its person. */
  private static FaceEmbedding near(FaceEmbedding center, Random random) {
    float[] raw = center.toArray();
    for (int i = 0; i < DIMENSION; i++) {
      raw[i] += (float) (0.83 / Math.sqrt(DIMENSION) * random.nextGaussian());
    }
    return FaceEmbedding.ofRaw(MODEL, raw);
  }

  /** Generates the entries in batches, the same on each call. */
  private void entries(Consumer<List<GalleryEntry>> action) {
    Random random = new Random(1);
    List<GalleryEntry> batch = new ArrayList<>();
    FaceEmbedding center = random(random);
    for (int i = 0; i < samples; i++) {
      if (i % SAMPLES_PER_PERSON == 0) {
        center = random(random);
      }
      batch.add(
          new GalleryEntry(
              "person " + i / SAMPLES_PER_PERSON, "sample " + i, near(center, random)));
      if (batch.size() == BATCH || i == samples - 1) {
        action.accept(batch);
        batch = new ArrayList<>();
      }
      if (probes.size() < count && i % (samples / count) == 0) {
        // Probes are further samples of enrolled persons, from their own random stream.
        probes.add(near(center, new Random(i)));
      }
    }
  }

  @Override
  public Integer call() throws IOException, SQLException {
    Files.createDirectories(folder);
    try (FaceGallery memory = FaceGallery.inMemory(MODEL)) {
      long before = usedHeap();
      try (OutputStream file =
          new BufferedOutputStream(Files.newOutputStream(folder.resolve("vectors.f32")))) {
        entries(
            batch -> {
              batch.forEach(entry -> write(file, entry.face()));
              memory.enroll(batch);
            });
      }
      try (OutputStream file =
          new BufferedOutputStream(Files.newOutputStream(folder.resolve("probes.f32")))) {
        probes.forEach(probe -> write(file, probe));
      }
      print("%d samples in memory: %.0f B each", samples, (usedHeap() - before) / (double) samples);
      List<List<Candidate>> expected = bruteForce(memory);
      measure("in memory", memory, expected);
      lucene(expected);
      if (postgres != null) {
        postgres(postgres, expected);
      }
    }
    return 0;
  }

  private static void write(OutputStream file, FaceEmbedding face) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * DIMENSION).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(face.toArray());
    try {
      new DataOutputStream(file).write(bytes.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static Comparator<Candidate> order() {
    return Comparator.comparingDouble((Candidate c) -> -c.similarity())
        .thenComparing(Candidate::person)
        .thenComparing(Candidate::sample);
  }

  /** Compares each sample with each probe in double precision. */
  private List<List<Candidate>> bruteForce(FaceGallery gallery) {
    List<Map<String, Candidate>> people = new ArrayList<>();
    probes.forEach(probe -> people.add(new HashMap<>()));
    gallery.forEach(
        entry -> {
          for (int i = 0; i < probes.size(); i++) {
            Candidate candidate =
                new Candidate(
                    entry.person(), entry.sample(), entry.face().similarity(probes.get(i)));
            people
                .get(i)
                .merge(entry.person(), candidate, (a, b) -> order().compare(a, b) <= 0 ? a : b);
          }
        });
    return people.stream()
        .map(found -> found.values().stream().sorted(order()).limit(LIMIT).toList())
        .toList();
  }

  /** Prints the time of a search, and how often its result is as expected. */
  private void measure(String what, FaceGallery gallery, List<List<Candidate>> expected) {
    double[] wall = new double[probes.size()];
    double[] cpu = new double[probes.size()];
    int equal = 0;
    int first = 0;
    for (int round = 0; round < 2; round++) {
      equal = 0;
      first = 0;
      for (int i = 0; i < probes.size(); i++) {
        long start = System.nanoTime();
        long cpuStart = cpuNanos();
        List<Candidate> found = gallery.search(probes.get(i), LIMIT);
        cpu[i] = (cpuNanos() - cpuStart) / 1e6;
        wall[i] = (System.nanoTime() - start) / 1e6;
        equal += found.equals(expected.get(i)) ? 1 : 0;
        first += found.get(0).equals(expected.get(i).get(0)) ? 1 : 0;
      }
    }
    print(
        "%s: a search takes %.2f ms of CPU time of this thread (p50; min %.2f, p99 %.2f), %.2f ms of"
            + " wall-clock time; %d of %d lists equal those of a brute-force scan, %d first persons",
        what, at(cpu, 0.5), at(cpu, 0), at(cpu, 0.99), at(wall, 0.5), equal, probes.size(), first);
  }

  private static double at(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) (share * (sorted.length - 1))];
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private void lucene(List<List<Candidate>> expected) throws IOException {
    Path gallery = folder.resolve("gallery");
    long start = System.nanoTime();
    try (LuceneGallery written = LuceneGallery.open(gallery, MODEL, Integer.MAX_VALUE)) {
      entries(written::enroll);
    }
    print("LuceneGallery: written in %.1f s", (System.nanoTime() - start) / 1e9);
    try (Stream<Path> files = Files.list(gallery)) {
      long bytes = files.mapToLong(file -> file.toFile().length()).sum();
      print("LuceneGallery: %.0f B per sample on disk", bytes / (double) samples);
    }
    for (int i = 0; i < 2; i++) {
      long opening = System.nanoTime();
      long cpu = cpuNanos();
      try (LuceneGallery opened = LuceneGallery.open(gallery, MODEL, Integer.MAX_VALUE)) {
        print(
            "LuceneGallery: opened in %.2f s of CPU time, %.2f s of wall-clock time",
            (cpuNanos() - cpu) / 1e9, (System.nanoTime() - opening) / 1e9);
        if (i == 1) {
          measure("LuceneGallery", opened, expected);
        }
      }
    }
  }

  private void postgres(String url, List<List<Candidate>> expected) throws SQLException {
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(url);
    String name = "figures " + ProcessHandle.current().pid();
    long start = System.nanoTime();
    try (FaceGallery exact = PostgresGallery.open(database, name, MODEL)) {
      entries(exact::enroll);
      print("PostgresGallery: written in %.1f s", (System.nanoTime() - start) / 1e9);
      measure("PostgresGallery, exact", exact, expected);
    }
    start = System.nanoTime();
    try (FaceGallery fast =
        PostgresGallery.open(
            database,
            name,
            MODEL,
            PostgresOptions.defaults().withIndex(PostgresIndex.hnsw(EF_SEARCH)))) {
      print("PostgresGallery: index created in %.1f s", (System.nanoTime() - start) / 1e9);
      measure("PostgresGallery, HNSW with ef_search 200", fast, expected);
    }
    direct(database, name);
  }

  /** Runs the same searches without a gallery, each on its own connection, too. */
  private void direct(PGSimpleDataSource database, String name) throws SQLException {
    String table;
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT 'omote_samples_' || id FROM omote_galleries WHERE name = ?")) {
      select.setString(1, name);
      try (ResultSet rows = select.executeQuery()) {
        rows.next();
        table = rows.getString(1);
      }
    }
    double[] wall = new double[probes.size()];
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < probes.size(); i++) {
        String vector = Arrays.toString(probes.get(i).toArray());
        long start = System.nanoTime();
        try (Connection connection = database.getConnection()) {
          connection.setAutoCommit(false);
          try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL hnsw.ef_search = " + EF_SEARCH);
          }
          try (PreparedStatement select =
              connection.prepareStatement(
                  String.format(
                      Locale.ROOT,
                      "SELECT person, sample, face <#> ?::vector FROM %s ORDER BY face <#> ?::vector LIMIT %d",
                      table,
                      EF_SEARCH))) {
            select.setString(1, vector);
            select.setString(2, vector);
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                rows.getString(1);
              }
            }
          }
          connection.commit();
        }
        wall[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    print(
        "pgvector alone, HNSW with ef_search 200: %.2f ms of wall-clock time (p50)", at(wall, 0.5));
  }

  private static void print(String pattern, Object... values) {
    System.out.println(String.format(Locale.ROOT, pattern, values));
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new GalleryFigures()).execute(args));
  }
}
