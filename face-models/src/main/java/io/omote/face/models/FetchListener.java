// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

/**
 * Hears how far a fetch has come. It is called by the thread that fetches; where it throws, that is
 * logged, the fetch goes on, and it hears no more. To stop a fetch, interrupt its thread.
 */
@FunctionalInterface
public interface FetchListener {
  /**
   * Called at each change of file or phase, and about ten times a second between.
   *
   * @param progress how far it has come
   */
  void onProgress(FetchProgress progress);
}
