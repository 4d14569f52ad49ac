// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceGallery;
import io.omote.face.FaceModels;
import io.omote.face.cli.analysis.FaceAnalysis;
import io.omote.face.cli.web.DemoServer;
import io.omote.face.cli.web.FaceService;
import io.omote.face.cli.web.KnownPeople;
import io.omote.face.cli.web.ScoreDistributions;
import io.omote.face.description.AnalyzerModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A web page to look at what the library does. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Opens a web page to drop images on, and JSON over HTTP under it, until it is ended.",
      "A demonstration, for one person at this machine: no TLS, no accounts. Images are not stored"
          + " or logged. Beyond this machine (--address) it asks for a token, which it prints."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "1:it could not start; the text says why",
      "2:wrong options",
      "130:it was ended by Ctrl-C"
    })
final class Serve implements Callable<Integer> {
  private static final int MAX_PORT = 65_535;

  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

  @Mixin private final ModelOptions models = new ModelOptions();
  @Mixin private final AnalyzerFiles analyzers = new AnalyzerFiles();
  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "port, 0 for a free one; by default ${DEFAULT-VALUE}")
  private int port;

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "address to listen to, 0.0.0.0 for all of this machine; by default ${DEFAULT-VALUE}")
  private InetAddress address;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description =
          "further name of this machine, as in the addresses that are asked for; may be given"
              + " several times. GalleryChecks to other names are refused")
  private List<String> hosts = List.of();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "report.json that evaluate wrote for these models: shows a similarity on the scale of both"
              + " distributions. That of the bundled pack is known")
  private @Nullable Path report;

  @Option(
      names = "--json",
      description = "print where it listens as a JSON object, with the token where one is needed")
  private boolean json;

  @ArgGroup(exclusive = false)
  private @Nullable People people;

  /** Whom to look for. */
  static final class People {
    @Option(
        names = "--gallery",
        required = true,
        paramLabel = "GALLERY",
        converter = GalleryLocation.Address.class,
        description =
            "people to find, as they are at each request: folder, or JDBC URL of a PostgreSQL with"
                + " pgvector")
    private String gallery;

    @Option(
        names = "--gallery-name",
        paramLabel = "NAME",
        defaultValue = "faces",
        converter = GalleryLocation.Name.class,
        description = "which gallery of a database; by default ${DEFAULT-VALUE}")
    private String name;

    @ArgGroup private IdentificationDecision decision = new IdentificationDecision();

    private FaceGallery open(String modelId) {
      return new GalleryLocation(gallery, name).openToRead(modelId);
    }
  }

  /** Where it listens, as JSON. */
  private record Listening(String url, @Nullable String token) {}

  @Override
  public Integer call() throws IOException {
    if (port < 0 || port > MAX_PORT) {
      throw new ParameterException(
          spec.commandLine(),
          String.format(Locale.ROOT, "expected a port from 0 to %d, found %d", MAX_PORT, port));
    }
    FaceModels chosen = models.models();
    List<AnalyzerModel<?>> all = new ArrayList<>(chosen.analyzers());
    all.addAll(analyzers.models());
    ScoreDistributions scores = report == null ? null : ScoreDistributions.read(report);
    CountDownLatch ended = new CountDownLatch(1);
    try (FaceDetector detector = FaceDetector.create(chosen);
        FaceEmbedder embedder = FaceEmbedder.create(chosen);
        FaceAnalysis analysis = FaceAnalysis.open(chosen.detector(), all);
        FaceGallery gallery = people == null ? null : people.open(embedder.modelId());
        DemoServer server =
            DemoServer.start(
                new InetSocketAddress(address, port),
                hosts,
                new FaceService(
                    detector,
                    embedder,
                    analysis,
                    chosen.operatingPoints(),
                    scores,
                    gallery == null
                        ? null
                        : new KnownPeople(gallery, people.decision.policy(chosen))))) {
      print(server);
      ended.await(); // until the process ends
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // by a program that runs this command
    }
    return 0;
  }

  private void print(DemoServer server) {
    PrintWriter out = spec.commandLine().getOut();
    String token = server.token().orElse(null);
    if (json) {
      out.println(JSON.toJson(new Listening(server.url(), token)));
    } else {
      out.println(
          String.format(
              Locale.ROOT,
              "Omote, a demonstration: %s%s",
              server.url(),
              token == null ? "" : "#token=" + token));
      out.println("Images are not stored or logged. Ctrl-C ends it.");
      if (token != null) {
        out.println(
            "No TLS: others on the way can read images and token. Put a server with TLS before it.");
      }
    }
    out.flush();
  }

  public static void main(String[] args) {
    Commands.main(new Serve(), args);
  }
}
