import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.aws2.eventbridge.EventbridgeComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;

/**
 * A plain Apache Camel route from a queue to a bus: a call with one entry for each message, with as many consumers as
 * the job has calls in flight. Gets its job as JSON, and prints what it cost as JSON (bench/others/run.ts).
 */
class Bridge {
  static final ObjectMapper json = new ObjectMapper();

  public static void main(String[] arguments) throws Exception {
    JsonNode job = json.readTree(arguments[0]);
    String stub = job.get("stubUrl").asText();
    try (CamelContext camel = new DefaultCamelContext()) {
      int calls = job.get("calls").asInt();
      camel.getRegistry().bind("broker", brokerOf(job.get("amqpUrl").asText()));
      camel.getComponent("aws2-eventbridge", EventbridgeComponent.class)
          .getConfiguration().setEventbridgeClient(clientOf(stub, calls));
      camel.start();
      consume(camel, job.get("warmUpQueue").asText(), job.get("warmUpEvents").asInt(), calls);
      HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(stub + "/reset")).build(), BodyHandlers.discarding());
      double started = System.nanoTime() / 1000.0;
      double before = cpuMicros();
      consume(camel, job.get("queue").asText(), job.get("events").asInt(), calls);
      double ended = System.nanoTime() / 1000.0;
      System.out.println(json.writeValueAsString(json.createObjectNode()
          .put("startedMicros", started)
          .put("endedMicros", ended)
          .put("cpuMicros", cpuMicros() - before)
          .put("peakMegabytes", peakMegabytes())));
    }
    System.exit(0);
  }

  /** Runs a route until that many events are on the bus. */
  static void consume(CamelContext camel, String queue, int events, int calls) throws Exception {
    CountDownLatch left = new CountDownLatch(events);
    camel.addRoutes(new RouteBuilder() {
      @Override
      public void configure() {
        fromF("spring-rabbitmq:default?queues=%s&connectionFactory=#broker&autoDeclare=false&concurrentConsumers=%d", queue, calls)
            .routeId(queue)
            .process(exchange -> {
              JsonNode data = json.readTree(exchange.getMessage().getBody(byte[].class)).get("data");
              exchange.getMessage().setBody(PutEventsRequest.builder()
                  .entries(PutEventsRequestEntry.builder()
                      .eventBusName("bench").source("ecos.bench-0")
                      .detailType(data.get("type").asText()).detail(json.writeValueAsString(data)).build())
                  .build());
            })
            .to("aws2-eventbridge://bench?operation=putEvent&pojoRequest=true")
            .process(exchange -> left.countDown());
      }
    });
    left.await();
    camel.getRouteController().stopRoute(queue);
  }

  static CachingConnectionFactory brokerOf(String url) {
    CachingConnectionFactory factory = new CachingConnectionFactory();
    factory.setUri(url);
    return factory;
  }

  static EventBridgeClient clientOf(String stub, int calls) {
    return EventBridgeClient.builder()
        .endpointOverride(URI.create(stub))
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("bench", "bench")))
        .httpClientBuilder(ApacheHttpClient.builder().maxConnections(calls))
        .build();
  }

  static double cpuMicros() {
    var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime() / 1000.0;
  }

  static double peakMegabytes() throws Exception {
    return Files.lines(Path.of("/proc/self/status"))
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
        .findFirst().orElse(0);
  }
}
