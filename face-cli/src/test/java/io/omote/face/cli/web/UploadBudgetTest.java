// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Bodies that share a budget of 100 bytes. */
class UploadBudgetTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private static InputStream bytes(int count) {
    return new ByteArrayInputStream(new byte[count]);
  }

  /** A body of which most has arrived, and the rest does not. */
  private static final class Stalled extends InputStream {
    private final CountDownLatch stalled = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private int rest = 80;

    @Override
    public int read() throws IOException {
      if (rest-- > 0) {
        return 1;
      }
      stalled.countDown();
      try {
        closed.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      throw new IOException("closed");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      bytes[offset] = (byte) read();
      return 1;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private static int readAll(UploadBudget budget, InputStream body) {
    try (UploadBudget.Body counted = budget.new Body(body)) {
      return readRest(counted);
    }
  }

  private static int readRest(InputStream body) {
    try {
      return body.readAllBytes().length;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void slowBodies_makeRoomForOthers() throws Exception {
    UploadBudget budget = new UploadBudget(100, LONG, Duration.ofMillis(1));
    Stalled slow = new Stalled();
    CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> readAll(budget, slow));
    slow.stalled.await();

    assertThat(readAll(budget, bytes(100))).isEqualTo(100);

    assertThatThrownBy(first::get)
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("closed");
  }

  @Test
  void slowBodies_stay_asLongAsThereIsRoom() throws Exception {
    UploadBudget budget = new UploadBudget(100, LONG, Duration.ZERO);
    Stalled slow = new Stalled();
    CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> readAll(budget, slow));
    slow.stalled.await();

    assertThat(readAll(budget, bytes(20))).isEqualTo(20);

    assertThat(first).isNotDone();
    slow.close();
  }

  /** Bodies that have arrived are being handled, and keep their memory. */
  @Test
  void handledBodies_keepTheirRoom_othersAreRefusedInTheEnd() throws Exception {
    UploadBudget budget = new UploadBudget(100, Duration.ofMillis(1), Duration.ZERO);
    try (UploadBudget.Body handled = budget.new Body(bytes(80))) {
      assertThat(handled.readAllBytes()).hasSize(80);
      try (UploadBudget.Body other = budget.new Body(bytes(30))) {
        assertThatThrownBy(other::readAllBytes).isInstanceOf(UploadBudget.FullException.class);
      }
    }
    assertThat(readAll(budget, bytes(100))).isEqualTo(100);
  }

  @RepeatedTest(10)
  void bodiesThatWaitForEachOther_theLargestGivesUp() throws Exception {
    UploadBudget budget = new UploadBudget(100, LONG, Duration.ofMillis(1));
    try (UploadBudget.Body small = budget.new Body(bytes(50))) {
      CompletableFuture<Integer> rest;
      try (UploadBudget.Body large = budget.new Body(bytes(90))) {
        assertThat(large.readNBytes(60)).hasSize(60);
        assertThat(small.readNBytes(40)).hasSize(40);
        rest = CompletableFuture.supplyAsync(() -> readRest(small));
        assertThatThrownBy(large::readAllBytes).isInstanceOf(UploadBudget.FullException.class);
      }
      assertThat(rest.get()).isEqualTo(10);
    }
  }
}
