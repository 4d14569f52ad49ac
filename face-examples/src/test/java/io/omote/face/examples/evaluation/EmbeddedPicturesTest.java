// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceEmbedding;
import io.omote.face.ModelException;
import io.omote.face.PictureException;
import io.omote.face.PictureException.Reason;
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
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPicturesTest {
  private static final int PICTURES = 20;

  @TempDir private Path folder;
  private Protocol protocol;

  /** All that was embedded, over all runs. */
  private final ConcurrentLinkedQueue<String> embedded = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void makePictures() throws IOException {
    for (int i = 0; i < PICTURES; i++) {
      Path file = folder.resolve("set/person" + i % 2 + "/" + i + ".jpg");
      Files.createDirectories(file.getParent());
      Files.writeString(file, "picture " + i);
    }
    protocol = Protocol.read(folder.resolve("set"), null);
  }

  private Optional<FaceEmbedding> embed(Path file) {
    String name = file.getFileName().toString();
    embedded.add(name);
    return switch (name) {
      case "3.jpg" -> Optional.empty();
      case "4.jpg" ->
          throw new PictureException(Reason.DAMAGED, "a picture", "4.jpg", "get it again", null);
      default -> Optional.of(FaceEmbedding.ofRaw("m:1", new float[] {name.length(), 1}));
    };
  }

  /** As the network would fail when the process dies. */
  private Optional<FaceEmbedding> embedAndDieHalfWay(Path file) {
    if (embedded.size() >= PICTURES / 2) {
      throw new ModelException("killed", null);
    }
    return embed(file);
  }

  private static ProgressBar progress() {
    return new ProgressBarBuilder()
        .setConsumer(new DelegatingProgressBarConsumer(text -> {}))
        .build();
  }

  private EmbeddedPictures run(@Nullable EmbeddingStore store) {
    try (ProgressBar progress = progress()) {
      EmbeddedPictures pictures = EmbeddedPictures.embed(protocol, this::embed, store, 3, progress);
      assertThat(progress.getCurrent()).isEqualTo(PICTURES);
      return pictures;
    }
  }

  /** Room for one picture at a time; for 5.jpg there is none. */
  @Test
  void embed_withoutRoomForSeveral_embedsThemAlone() {
    AtomicInteger now = new AtomicInteger();
    CountDownLatch two = new CountDownLatch(2);
    Function<Path, Optional<FaceEmbedding>> crowded =
        file -> {
          boolean fits = now.incrementAndGet() == 1 && !file.endsWith("5.jpg");
          two.countDown();
          try {
            two.await();
            if (!fits) {
              throw new PictureException(
                  Reason.TOO_LARGE, "less", "more", "add memory", new OutOfMemoryError());
            }
            return embed(file);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          } finally {
            now.decrementAndGet();
          }
        };
    try (ProgressBar progress = progress()) {
      EmbeddedPictures pictures = EmbeddedPictures.embed(protocol, crowded, null, 3, progress);

      assertThat(pictures.unreadable()).hasSize(2).anyMatch(text -> text.contains("add memory"));
      assertThat(pictures.withoutFace()).isOne();
      assertThat(embedded).hasSize(PICTURES - 1).doesNotHaveDuplicates();
      assertThat(progress.getCurrent()).isEqualTo(PICTURES);
    }
  }

  @Test
  void embed_withoutStore_embedsEachPictureOnceAndCountsFailures() {
    EmbeddedPictures pictures = run(null);
    assertThat(embedded).hasSize(PICTURES).doesNotHaveDuplicates();
    assertThat(pictures.outcomes()).hasSize(PICTURES);
    assertThat(pictures.withoutFace()).isEqualTo(1);
    assertThat(pictures.unreadable())
        .containsExactly("expected a picture, found 4.jpg: get it again");
    assertThat(pictures.stored()).isZero();
  }

  @Test
  void embed_afterDyingHalfWay_embedsNothingTwice() throws IOException {
    try (EmbeddingStore store = open();
        ProgressBar progress = progress()) {
      assertThatThrownBy(
              () -> EmbeddedPictures.embed(protocol, this::embedAndDieHalfWay, store, 1, progress))
          .isInstanceOf(ModelException.class);
    }
    assertThat(embedded).hasSize(PICTURES / 2);
    // What cannot be read is tried again: it may have been repaired.
    embedded.remove("4.jpg");
    int stored = embedded.size();
    try (EmbeddingStore store = open()) {
      EmbeddedPictures pictures = run(store);
      assertThat(pictures.stored()).isEqualTo(stored);
      assertThat(pictures.withoutFace()).isEqualTo(1);
      assertThat(pictures.unreadable()).hasSize(1);
    }
    assertThat(embedded).hasSize(PICTURES).doesNotHaveDuplicates();
    assertThat(Set.copyOf(embedded))
        .isEqualTo(Set.copyOf(IntStream.range(0, PICTURES).mapToObj(i -> i + ".jpg").toList()));
  }

  @Test
  void embed_ofAChangedPicture_embedsItAgain() throws IOException {
    try (EmbeddingStore store = open()) {
      run(store);
      embedded.clear();
      Files.writeString(folder.resolve("set/person0/0.jpg"), "another picture");
      run(store);
    }
    assertThat(embedded).containsExactlyInAnyOrder("0.jpg", "4.jpg");
  }

  private EmbeddingStore open() throws IOException {
    return EmbeddingStore.open(folder.resolve("work"), ModelZoo.lite());
  }
}
