// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceEmbedding;
import io.omote.face.ImageException;
import io.omote.face.ImageException.Reason;
import io.omote.face.InterruptedCallException;
import io.omote.face.ModelException;
import io.omote.face.models.ModelZoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedImagesTest {
  private static final int IMAGES = 20;

  @TempDir private Path folder;
  private Protocol protocol;

  /** All embedded images, over all runs. */
  private final ConcurrentLinkedQueue<String> embedded = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void makeImages() throws IOException {
    for (int i = 0; i < IMAGES; i++) {
      Path file = folder.resolve("set/person" + i % 2 + "/" + i + ".jpg");
      Files.createDirectories(file.getParent());
      Files.writeString(file, "image " + i);
    }
    protocol = Protocol.read(folder.resolve("set"));
  }

  private Optional<FaceEmbedding> embed(Path file) {
    String name = file.getFileName().toString();
    embedded.add(name);
    return switch (name) {
      case "3.jpg" -> Optional.empty();
      case "4.jpg" ->
          throw new ImageException(Reason.DAMAGED, "an image", "4.jpg", "get it again", null);
      default -> Optional.of(FaceEmbedding.ofRaw("m:1", new float[] {name.length(), 1}));
    };
  }

  /** As the network would fail when the process dies. */
  private Optional<FaceEmbedding> embedAndDieHalfWay(Path file) {
    if (embedded.size() >= IMAGES / 2) {
      throw new ModelException("killed", null);
    }
    return embed(file);
  }

  private EmbeddedImages run(@Nullable EmbeddingStore store) throws IOException {
    AtomicInteger progress = new AtomicInteger();
    EmbeddedImages images =
        EmbeddedImages.of(protocol, this::embed, store, 3, progress::incrementAndGet);
    assertThat(progress).hasValue(IMAGES);
    return images;
  }

  /** There is room for one image, and never for 5.jpg. */
  @Test
  void embed_withoutRoomForSeveral_embedsThemAlone() throws IOException {
    AtomicInteger now = new AtomicInteger();
    CountDownLatch two = new CountDownLatch(2);
    Function<Path, Optional<FaceEmbedding>> crowded =
        file -> {
          boolean fits = now.incrementAndGet() == 1 && !file.endsWith("5.jpg");
          two.countDown();
          try {
            two.await();
            if (!fits) {
              throw new ImageException(
                  Reason.TOO_LARGE, "less", "more", "add memory", new OutOfMemoryError());
            }
            return embed(file);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          } finally {
            now.decrementAndGet();
          }
        };
    AtomicInteger progress = new AtomicInteger();
    EmbeddedImages images =
        EmbeddedImages.of(protocol, crowded, null, 3, progress::incrementAndGet);

    assertThat(images.unreadable()).hasSize(2).anyMatch(text -> text.contains("add memory"));
    assertThat(images.withoutFace()).isOne();
    assertThat(embedded).hasSize(IMAGES - 1).doesNotHaveDuplicates();
    assertThat(progress).hasValue(IMAGES);
  }

  @Test
  void embed_withoutStore_embedsEachImageOnceAndCountsFailures() throws IOException {
    EmbeddedImages images = run(null);
    assertThat(embedded).hasSize(IMAGES).doesNotHaveDuplicates();
    assertThat(images.embedding(5)).isPresent();
    assertThat(images.withoutFace()).isEqualTo(1);
    assertThat(images.unreadable()).containsExactly("expected an image, found 4.jpg: get it again");
    assertThat(images.stored()).isZero();
  }

  @Test
  void embed_afterDyingHalfWay_embedsNothingTwice() throws IOException {
    try (EmbeddingStore store = open()) {
      assertThatThrownBy(
              () -> EmbeddedImages.of(protocol, this::embedAndDieHalfWay, store, 1, () -> {}))
          .isInstanceOf(ModelException.class);
    }
    assertThat(embedded).hasSize(IMAGES / 2);
    // Unreadable images are tried again: they may have been repaired.
    embedded.remove("4.jpg");
    int stored = embedded.size();
    try (EmbeddingStore store = open()) {
      EmbeddedImages images = run(store);
      assertThat(images.stored()).isEqualTo(stored);
      assertThat(images.withoutFace()).isEqualTo(1);
      assertThat(images.unreadable()).hasSize(1);
    }
    assertThat(embedded).hasSize(IMAGES).doesNotHaveDuplicates();
    assertThat(Set.copyOf(embedded))
        .isEqualTo(Set.copyOf(IntStream.range(0, IMAGES).mapToObj(i -> i + ".jpg").toList()));
  }

  @Test
  void embed_ofAChangedImage_embedsItAgain() throws IOException {
    try (EmbeddingStore store = open()) {
      run(store);
      embedded.clear();
      Files.writeString(folder.resolve("set/person0/0.jpg"), "another image");
      run(store);
    }
    assertThat(embedded).containsExactlyInAnyOrder("0.jpg", "4.jpg");
  }

  @Test
  void embed_whereAListenerFails_throwsItsException() {
    ArithmeticException failure = new ArithmeticException("of the caller");
    assertThatThrownBy(
            () ->
                EmbeddedImages.of(
                    protocol,
                    this::embed,
                    null,
                    2,
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
  }

  @Test
  void embed_whereTheStoreFails_throwsIoException() throws IOException {
    EmbeddingStore store = open();
    store.close();
    assertThatThrownBy(() -> EmbeddedImages.of(protocol, this::embed, store, 1, () -> {}))
        .isInstanceOf(IOException.class);
  }

  @Test
  void embed_onAnInterruptedThread_saysSoAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> EmbeddedImages.of(protocol, this::embed, null, 2, () -> {}))
          .isInstanceOf(InterruptedCallException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private EmbeddingStore open() throws IOException {
    return EmbeddingStore.open(folder.resolve("work"), ModelZoo.lite());
  }
}
