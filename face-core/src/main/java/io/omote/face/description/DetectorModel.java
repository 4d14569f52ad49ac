// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import java.util.List;

/**
 * The description of a detector's files; each family of detectors has its own. Immutable and
 * thread-safe.
 */
public sealed interface DetectorModel permits ScrfdModel, YuNetModel, UltraLightModel {
  /**
   * The files of the detector.
   *
   * @return one for each network, an immutable list
   */
  List<ModelFile> files();
}
