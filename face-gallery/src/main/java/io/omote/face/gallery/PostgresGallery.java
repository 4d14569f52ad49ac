// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.Candidate;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.IdentificationPolicy;
import io.omote.face.internal.search.GalleryChecks;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A gallery in PostgreSQL with the extension pgvector, for several processes at once.
 *
 * <pre>{@code
 * try (FaceGallery people = PostgresGallery.open(dataSource, "staff", embedder.modelId())) {
 *   people.enroll("maya", "passport.jpg", embedding);
 * }
 * }</pre>
 *
 * <p>A search is exact unless you choose an index ({@link PostgresIndex#hnsw}). The similarities
 * are those of {@link FaceEmbedding#similarity}: the server selects the samples that may be among
 * the best, and the gallery scores them.
 *
 * <p>Each call uses one connection of the data source, which belongs to the caller: {@link #close}
 * does not close it. On a connection in auto-commit, the call runs in a transaction of its own. On
 * any other connection, it runs in the caller's transaction: it commits nothing, keeps the
 * isolation level, and leaves nothing behind if it fails, so that the caller can continue or roll
 * back. Spring's {@code TransactionAwareDataSourceProxy} returns such connections. A plain pool
 * returns another connection than that of the caller's transaction, and what the gallery enrolls
 * remains if the caller rolls back. {@link #on(Connection)} uses the caller's connection.
 *
 * <p>The schema of the tables is determined once, when the gallery is opened. The SQL files {@code
 * V1__} and {@code V2__} in {@code io/omote/face/gallery/postgresql} of this jar create the tables,
 * with Flyway or Liquibase; otherwise opening a gallery creates them. Reading needs only {@code
 * SELECT}, and works on a standby.
 *
 * <p>A removed person is no longer found. The rows leave the disk with the server's next vacuum of
 * the table; its log and its backups follow their own rules.
 *
 * <p>Thread-safe. Several processes may write; their writes run one after the other.
 */
public final class PostgresGallery implements FaceGallery {
  /** The number of the last cursor. Cursors of one transaction need unique names. */
  private static final AtomicLong CURSORS = new AtomicLong();

  private final PostgresTransactions transactions;
  private final PostgresSamples samples;
  private final String modelId;
  private final PostgresOptions options;
  private final boolean isReadOnly;
  private final PostgresSearch search;

  /** Writes share the read lock; closing waits for them. */
  private final ReadWriteLock writes = new ReentrantReadWriteLock();

  private volatile boolean closed;

  private PostgresGallery(
      PostgresTransactions transactions,
      PostgresSamples samples,
      String modelId,
      PostgresOptions options,
      boolean isReadOnly) {
    this.transactions = transactions;
    this.samples = samples;
    this.modelId = modelId;
    this.options = options;
    this.isReadOnly = isReadOnly;
    this.search = new PostgresSearch(samples, options.index());
  }

  /**
   * Opens a gallery with the default options, or creates one.
   *
   * @param database the source of connections to PostgreSQL
   * @param name the name of the gallery
   * @param modelId the id of the model whose embeddings it has
   * @return the gallery
   * @throws GalleryException if the gallery belongs to another model, pgvector is missing, or the
   *     database cannot be used
   */
  public static PostgresGallery open(DataSource database, String name, String modelId) {
    return open(database, name, modelId, PostgresOptions.defaults());
  }

  /**
   * Opens a gallery, or creates one.
   *
   * @param database the source of connections to PostgreSQL
   * @param name the name of the gallery
   * @param modelId the id of the model whose embeddings it has
   * @param options the schema, whether missing tables are created, and how the gallery is searched
   * @return the gallery
   * @throws GalleryException if the gallery belongs to another model, pgvector or the tables are
   *     missing or of another version and may not be created, or the database cannot be used
   */
  public static PostgresGallery open(
      DataSource database, String name, String modelId, PostgresOptions options) {
    return open(database, name, modelId, options, false);
  }

  /**
   * Opens an existing gallery for reading, with the default options. This creates nothing, and
   * takes no lock.
   *
   * @param database the source of connections to PostgreSQL, which may be a standby
   * @param name the name of the gallery
   * @param modelId the id of the model whose embeddings it has
   * @return the gallery, which sees what others write
   * @throws GalleryException if there is no such gallery, it belongs to another model, the tables
   *     have another version, or the database cannot be used
   */
  public static PostgresGallery openReadOnly(DataSource database, String name, String modelId) {
    return openReadOnly(database, name, modelId, PostgresOptions.defaults());
  }

  /**
   * Opens an existing gallery for reading. This creates nothing, and takes no lock.
   *
   * @param database the source of connections to PostgreSQL, which may be a standby
   * @param name the name of the gallery
   * @param modelId the id of the model whose embeddings it has
   * @param options the schema, and how the gallery is searched
   * @return the gallery, which sees what others write
   * @throws GalleryException if there is no such gallery, it belongs to another model, the tables
   *     have another version, the index is missing, or the database cannot be used
   */
  public static PostgresGallery openReadOnly(
      DataSource database, String name, String modelId, PostgresOptions options) {
    return open(database, name, modelId, options.withMakeTables(false), true);
  }

  private static PostgresGallery open(
      DataSource database,
      String name,
      String modelId,
      PostgresOptions options,
      boolean isReadOnly) {
    Objects.requireNonNull(database, "database");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(modelId, "modelId");
    checkText("gallery", name);
    checkText("model", modelId);
    PostgresTransactions transactions = PostgresTransactions.of(database, name);
    PostgresTransactions.Statements<PostgresSamples> opening =
        connection -> {
          PostgresTables tables =
              PostgresTables.prepare(connection, options.schema(), options.makeTables());
          PostgresSamples samples =
              PostgresSamples.open(connection, tables, name, modelId, !isReadOnly);
          int dimension = samples.dimension(connection);
          if (!options.index().isExact() && dimension > 0) {
            new PostgresHnsw(samples).require(connection, dimension, options.makeTables());
          }
          return samples;
        };
    PostgresSamples samples =
        isReadOnly ? transactions.read("open", opening) : transactions.write("open", opening);
    return new PostgresGallery(transactions, samples, modelId, options, isReadOnly);
  }

  /** Throws for names that the server cannot store; the driver would change them. */
  private static void checkText(String what, String name) {
    if (name.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "the name of the %s contains a null character or an unpaired surrogate, which PostgreSQL cannot store: use another name",
              what));
    }
  }

  /**
   * Returns the model of an existing gallery, in the schema of the search path.
   *
   * @param database the source of connections to PostgreSQL
   * @param name the name of the gallery
   * @return the id of its model, empty if the database has no such gallery
   * @throws GalleryException if the database cannot be used
   */
  public static Optional<String> modelIdOf(DataSource database, String name) {
    return modelIdOf(database, name, PostgresOptions.defaults());
  }

  /**
   * Returns the model of an existing gallery.
   *
   * @param database the source of connections to PostgreSQL
   * @param name the name of the gallery
   * @param options the schema
   * @return the id of its model, empty if the schema has no such gallery
   * @throws GalleryException if the database cannot be used
   */
  public static Optional<String> modelIdOf(
      DataSource database, String name, PostgresOptions options) {
    Objects.requireNonNull(name, "name");
    checkText("gallery", name);
    return PostgresTransactions.of(database, name)
        .read(
            "open",
            connection -> {
              String galleries = PostgresTables.galleries(connection, options.schema());
              return Optional.ofNullable(
                  galleries == null
                      ? null
                      : PostgresTables.one(
                          connection, "SELECT model FROM " + galleries + " WHERE name = ?", name));
            });
  }

  /**
   * Returns this gallery on a connection of the caller, to write faces in one transaction with
   * other rows. If the connection is not in auto-commit, the gallery commits nothing, and rolls
   * back only what a failed call itself did; otherwise each call is a transaction.
   *
   * @param connection a connection to the same database, which the caller closes
   * @return a view for as long as the connection is open; like the connection, it must not be used
   *     by several threads concurrently; closing it does not close this gallery
   * @throws io.omote.face.ClosedException if this gallery is closed
   */
  public FaceGallery on(Connection connection) {
    Objects.requireNonNull(connection, "connection");
    GalleryChecks.checkOpen(closed);
    return new PostgresGallery(transactions.on(connection), samples, modelId, options, isReadOnly);
  }

  @Override
  public String modelId() {
    return modelId;
  }

  /**
   * Adds samples as {@link FaceGallery#enroll(Collection)} documents. Other writers to this gallery
   * wait until the transaction ends.
   */
  @Override
  public void enroll(Collection<GalleryEntry> entries) {
    List<GalleryEntry> batch = GalleryChecks.batch(entries);
    PostgresHnsw index =
        options.makeTables() && !options.index().isExact() ? new PostgresHnsw(samples) : null;
    write(
        "enroll in",
        connection -> {
          samples.enroll(connection, batch, index);
          return true;
        });
  }

  @Override
  public List<Candidate> search(FaceEmbedding probe, int limit) {
    Objects.requireNonNull(probe, "probe");
    GalleryChecks.checkLimit(limit);
    return answer(probe, limit, false).candidates();
  }

  @Override
  public Optional<Candidate> identify(FaceEmbedding probe, IdentificationPolicy policy) {
    Objects.requireNonNull(probe, "probe");
    Objects.requireNonNull(policy, "policy");
    PostgresSearch.Answer answer = answer(probe, 1, true);
    double threshold = policy.at(modelId, answer.samples()).threshold();
    return answer.candidates().stream()
        .filter(candidate -> candidate.similarity() >= threshold)
        .findFirst();
  }

  private PostgresSearch.Answer answer(FaceEmbedding probe, int limit, boolean isCounting) {
    check();
    // A search by the index sets hnsw.ef_search.
    return transactions.look(
        "search", connection -> search.search(connection, modelId, probe, limit, isCounting));
  }

  @Override
  public boolean remove(String person, String sample) {
    Objects.requireNonNull(person, "person");
    Objects.requireNonNull(sample, "sample");
    return delete(GalleryEntry.isName(person) && GalleryEntry.isName(sample), person, sample) > 0;
  }

  @Override
  public int removePerson(String person) {
    Objects.requireNonNull(person, "person");
    return delete(GalleryEntry.isName(person), person, null);
  }

  private int delete(boolean canBeThere, String person, @Nullable String sample) {
    if (!canBeThere) {
      check();
      return 0;
    }
    return write("remove from", connection -> samples.delete(connection, person, sample));
  }

  private void check() {
    GalleryChecks.checkOpen(closed);
    GalleryChecks.checkInterrupt();
  }

  private <T> T write(String what, PostgresTransactions.Statements<T> statements) {
    GalleryChecks.checkOpen(closed);
    try {
      writes.readLock().lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw GalleryChecks.interrupted(e);
    }
    try {
      check();
      if (isReadOnly) {
        throw new GalleryException(
            String.format(
                Locale.ROOT,
                "the gallery '%s' is open for reading only: open it with PostgresGallery.open to write",
                samples.name()));
      }
      return transactions.write(what, statements);
    } finally {
      writes.readLock().unlock();
    }
  }

  @Override
  public int size() {
    return count("*");
  }

  @Override
  public int persons() {
    return count("DISTINCT person");
  }

  private int count(String what) {
    check();
    return transactions.read("read", connection -> samples.count(connection, what));
  }

  /**
   * Visits all samples as {@link FaceGallery#forEach} documents. The action may call this gallery.
   * With a data source, such a call uses another connection; on a connection of the caller, it is
   * part of the same transaction.
   */
  @Override
  public void forEach(Consumer<GalleryEntry> action) {
    Objects.requireNonNull(action, "action");
    check();
    String cursor = "omote_" + CURSORS.incrementAndGet();
    transactions.visit(
        "read",
        transaction -> {
          transaction.step(connection -> samples.open(connection, cursor));
          try {
            List<GalleryEntry> page;
            do {
              page = transaction.step(connection -> samples.next(connection, cursor));
              page.forEach(action);
            } while (!page.isEmpty());
          } catch (Throwable e) {
            transaction.after(e, connection -> samples.close(connection, cursor));
            throw e;
          }
          return transaction.step(connection -> samples.close(connection, cursor));
        });
  }

  @Override
  public void close() {
    writes.writeLock().lock();
    try {
      closed = true;
    } finally {
      writes.writeLock().unlock();
    }
  }

  /**
   * Returns a text that says which gallery it is.
   *
   * @return a text without names of people
   */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "PostgresGallery[%s, %s]", samples.name(), options.index());
  }
}
