// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.InterruptedCallException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes write to one folder in turn ({@link WriterProcess}) and are killed at any moment,
 * on a disk that is full from time to time, with a concurrent reader; calls are interrupted now and
 * then. No sample whose enrollment succeeded is lost, and no sample whose removal succeeded is
 * there again.
 */
class LuceneTurmoilTest {
  /** The duration; use ten minutes and more to look for rare failures. */
  private static final long SECONDS = Long.getLong("omote.gallery.seconds", 6);

  private static final int WRITERS = 2;

  @TempDir private Path temp;

  private final Random random = new Random();

  private Process start(Path folder, int writer, long end) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-ea",
            "-cp",
            System.getProperty("java.class.path"),
            WriterProcess.class.getName(),
            folder.toString(),
            journal(writer).toString(),
            Integer.toString(writer),
            Long.toString(end))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.appendTo(errors(writer).toFile()))
        .start();
  }

  private Path journal(int writer) {
    return temp.resolve("journal" + writer);
  }

  private Path errors(int writer) {
    return temp.resolve("errors" + writer);
  }

  @Test
  void twoWriters_killedInterruptedAndWithoutRoom_loseNothing() throws Exception {
    Path disk = Files.createDirectory(temp.resolve("disk"));
    boolean isSmall = LuceneGalleryTest.mount(disk, "8m");
    try {
      turmoil(disk, isSmall);
    } finally {
      if (isSmall) {
        LuceneGalleryTest.run("umount", disk.toString());
      }
    }
  }

  private void turmoil(Path disk, boolean isSmall) throws Exception {
    Path folder = disk.resolve("people");
    LuceneGallery.open(folder, Faces.MODEL).close();
    long end = System.currentTimeMillis() + TimeUnit.SECONDS.toMillis(SECONDS);
    Reader reader = new Reader(folder);
    Process[] writers = new Process[WRITERS];
    int killed = 0;
    try {
      for (int i = 0; i < WRITERS; i++) {
        writers[i] = start(folder, i + 1, end);
      }
      while (System.currentTimeMillis() < end) {
        Thread.sleep(random.nextInt(4000));
        if (isSmall) {
          fillAndClear(disk.resolve("ballast"));
        }
        int chosen = random.nextInt(WRITERS);
        if (writers[chosen].isAlive()) {
          killed++;
          writers[chosen].destroyForcibly().waitFor();
          writers[chosen] = start(folder, chosen + 1, end);
        }
        reader.thread.interrupt();
      }
      for (int i = 0; i < WRITERS; i++) {
        assertThat(writers[i].waitFor(60, TimeUnit.SECONDS)).isTrue();
        // No error output, except for Lucene's own on newer JDKs.
        assertThat(errors(i + 1)).content().doesNotContain("Exception", "Error", "\tat ");
        assertThat(writers[i].exitValue()).isZero();
      }
    } finally {
      for (Process writer : writers) {
        if (writer != null) {
          writer.destroyForcibly().waitFor();
        }
      }
      reader.end();
    }
    assertThat(reader.failure.get()).isNull();
    check(folder, reader, killed);
  }

  /** Fills the disk, or nearly so, and frees the space again. */
  private void fillAndClear(Path ballast) throws Exception {
    try (OutputStream out = Files.newOutputStream(ballast)) {
      byte[] bytes = new byte[1 << 14];
      while (true) {
        out.write(bytes);
      }
    } catch (IOException e) {
      Thread.sleep(random.nextInt(300));
    } finally {
      Files.delete(ballast);
    }
  }

  private void check(Path folder, Reader reader, int killed) throws IOException {
    Map<String, Set<Integer>> people = new HashMap<>();
    Map<String, Set<Integer>> unclear = new HashMap<>();
    Map<WriterJournal.End, Integer> ends = new HashMap<>();
    int interrupts = reader.interrupts.get();
    for (int writer = 1; writer <= WRITERS; writer++) {
      try (WriterJournal journal = new WriterJournal(journal(writer))) {
        people.putAll(journal.people());
        unclear.putAll(journal.unclear());
        interrupts += journal.interrupts();
        for (WriterJournal.End end : WriterJournal.End.values()) {
          ends.merge(end, journal.count(end), Integer::sum);
        }
      }
    }
    try (LuceneGallery gallery = LuceneGallery.open(folder, Faces.MODEL)) {
      Map<String, Set<Integer>> found = new HashMap<>();
      gallery.forEach(
          entry -> {
            int number = WriterProcess.number(entry.sample());
            assertThat(entry.face()).isEqualTo(Faces.of(number));
            assertThat(found.computeIfAbsent(entry.person(), p -> new TreeSet<>()).add(number))
                .isTrue();
          });
      unclear.forEach(
          (person, after) -> {
            Set<Integer> there = found.getOrDefault(person, Set.of());
            assertThat(there).isIn(people.getOrDefault(person, Set.of()), after);
            people.remove(person);
            found.remove(person);
          });
      assertThat(found).isEqualTo(people);
      Set<Integer> numbers = new TreeSet<>();
      gallery.forEach(entry -> numbers.add(WriterProcess.number(entry.sample())));
      WriterProcess.checkFiles(folder, numbers);
    }
    String figures =
        String.format(
            Locale.ROOT,
            "%d s: %s, %d killed, %d calls on interrupted threads, %d refreshed of %d; %d persons at last",
            SECONDS,
            ends,
            killed,
            interrupts,
            reader.refreshed.get(),
            reader.calls.get(),
            people.size());
    if (System.getProperty("omote.gallery.seconds") != null) {
      System.out.println(figures);
    }
    assertThat(ends.get(WriterJournal.End.DONE)).as(figures).isPositive();
  }

  /** Refreshes and searches in an endless loop. */
  private static final class Reader {
    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger refreshed = new AtomicInteger();
    final AtomicInteger interrupts = new AtomicInteger();
    final AtomicReference<Throwable> failure = new AtomicReference<>();
    final Thread thread;
    private final AtomicBoolean isDone = new AtomicBoolean();

    Reader(Path folder) {
      thread =
          new Thread(
              () -> {
                try (LuceneGallery gallery = LuceneGallery.openReadOnly(folder, Faces.MODEL)) {
                  while (!isDone.get()) {
                    read(gallery);
                  }
                } catch (Throwable e) {
                  failure.set(e);
                }
              });
      thread.start();
    }

    private void read(LuceneGallery gallery) {
      calls.incrementAndGet();
      try {
        refreshed.addAndGet(gallery.refresh() ? 1 : 0);
        List<Integer> numbers = new ArrayList<>();
        gallery.forEach(
            entry -> {
              int number = WriterProcess.number(entry.sample());
              assertThat(entry.person()).startsWith("writer" + number / WriterProcess.NUMBERS);
              numbers.add(number);
            });
        assertThat(numbers).doesNotHaveDuplicates();
        assertThat(gallery.search(Faces.of(1), 10)).hasSizeBetween(0, 10);
      } catch (InterruptedCallException e) {
        assertThat(Thread.interrupted()).isTrue();
        interrupts.incrementAndGet();
      }
    }

    void end() throws InterruptedException {
      isDone.set(true);
      thread.join();
    }
  }
}
