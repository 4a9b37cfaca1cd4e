package config

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// furtherService is a service in as many lines as one may need at most.
const furtherService = `
shop:
  image: eddisonso/ecloud-shop:20260301-120000
  platforms: [linux/amd64, linux/arm64]
  replicas: 2
  nodeSelector: {backend: "true"}
  port: 8080
  healthPath: /healthz
  args: [-addr, ":8080", -log-service, "log-service:50051"]
  routes: [{host: shop.eddisonso.com}]
  env: {NATS_URL: "nats://nats:4222"}
  secrets: {JWT_SECRET: edd-cloud-auth/JWT_SECRET}
`

func TestFurtherServiceNeedsItsEntryAlone(t *testing.T) {
	assert.LessOrEqual(t, strings.Count(strings.TrimSpace(furtherService), "\n")+1, 12)
	var entry map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(furtherService), &entry))
	c, err := parseCore(t, on("services[shop]", entry["shop"])...)
	require.NoError(t, err)
	shop := c.Services["shop"]
	assert.Equal(t, DefaultCoreUser, shop.User)
	assert.Equal(t, "shop", shop.App)
	assert.Equal(t, defaultServiceResources, shop.Resources)
	assert.Contains(t, c.Routes(), Route{Host: "shop.eddisonso.com", Path: "/", Service: "shop", Port: 80})
	assert.Equal(t, "eddisonso/ecloud-shop:20260301-120000", c.Images()["shop"].Image)
}

// renamed is the service blog under another name.
func renamed(name string) []change {
	return []change{{"services[blog]", absent}, {"services[" + name + "]", map[string]any{
		"image": "blog:v1", "platforms": []any{"linux/amd64", "linux/arm64"},
	}}}
}

func TestCoreServiceRejects(t *testing.T) {
	const key, choose = "services[blog]", "choose a name such as docs"
	const folder = "write a folder such as /tmp"
	long := strings.Repeat("a", 41)
	rejectCore(t, map[string]bad{
		"no label":        {renamed("Blog"), "services[Blog]", `"Blog" is not a DNS label: lower-case letters, digits and dashes, 63 characters at most`, choose},
		"long name":       {renamed(long), "services[" + long + "]", `"` + long + `" has 41 characters; its objects' names leave it 40`, choose},
		"taken: gateway":  {renamed("gateway"), "services[gateway]", `"gateway" is the name of a part of the platform`, choose},
		"taken: master":   {renamed("gfs-master"), "services[gfs-master]", `"gfs-master" is the name of a part of the platform`, choose},
		"taken: chunks":   {renamed("gfs-chunkserver"), "services[gfs-chunkserver]", `"gfs-chunkserver" is the name of a part of the platform`, choose},
		"taken: nats":     {renamed("nats"), "services[nats]", `"nats" is the name of a part of the platform`, choose},
		"taken: haproxy":  {renamed("haproxy"), "services[haproxy]", `"haproxy" is the name of a part of the platform`, choose},
		"taken: postgres": {renamed("postgres"), "services[postgres]", `"postgres" is the name of a part of the platform`, choose},
		"taken: replica":  {renamed("postgres-replica"), "services[postgres-replica]", `"postgres-replica" is the name of a part of the platform`, choose},
		"taken: init":     {renamed("postgres-init"), "services[postgres-init]", `"postgres-init" is the name of a part of the platform`, choose},
		"taken: cleanup":  {renamed("image-cleanup"), "services[image-cleanup]", `"image-cleanup" is the name of a part of the platform`, choose},
		"taken: a label":  {renamed("simple-file-share"), "services[simple-file-share]", `"simple-file-share" is the name of a part of the platform`, choose},
		"replicas":        {on(key+".replicas", -1), key + ".replicas", "-1 is under the floor of 1", "raise it to 1 or more"},
		"port":            {on(key+".port", 70000), key + ".port", "70000 is outside the range 1 to 65535", "choose one within it"},
		"grpc port":       {on(key+".grpcPort", -1), key + ".grpcPort", "-1 is outside the range 1 to 65535", "choose one within it"},
		"one port twice":  {on(key+".grpcPort", 8080), key + ".grpcPort", "8080 is its port already", "choose another"},
		"grpc on 80":      {on(key+".grpcPort", 80), key + ".grpcPort", "80 is where its Service serves HTTP", "choose another"},
		"health path":     {on(key+".healthPath", "healthz"), key + ".healthPath", `"healthz" does not start with a slash`, "write /healthz"},
		"nowhere to ask":  {[]change{{key + ".port", absent}, {key + ".routes", absent}}, key + ".healthPath", "there is no port to ask it at", "set port, or remove it,"},
		"root":            {on(key+".user", -1), key + ".user", "-1 is root or none, and pods here do not run as root", "write the UID that the image runs as"},
		"reference":       {on(key+".env", map[string]any{"NOTE": "$(POD_NAME)"}), key + ".env[NOTE]", "Kubernetes puts the value of a variable in the place of $(NAME)", "write $$(NAME) for the text $(NAME)"},
		"folder":          {on(key+".writable", []any{"var"}), key + ".writable[0]", `"var" is no absolute path of a folder below the root`, folder},
		"folder twice":    {on(key+".writable", []any{"/a", "/a"}), key + ".writable[1]", `"/a" is listed already`, "remove one of the two"},
		"tmp":             {on(key+".writable", []any{"/tmp"}), key + ".writable", `"/tmp" is writable anyway`, "remove it"},
		"variable":        {on(key+".env[A B]", "x"), key + ".env[A B]", `"A B" is not the name of a variable`, "write letters, digits and underscores"},
		"field variable":  {on(key+".fields[1A]", "metadata.name"), key + ".fields[1A]", `"1A" is not the name of a variable`, "write letters, digits and underscores"},
		"secret variable": {on(key+".secrets[A-B]", "blog-api/KEY"), key + ".secrets[A-B]", `"A-B" is not the name of a variable`, "write letters, digits and underscores"},
		"field":           {on(key+".fields[IP]", "status.address"), key + ".fields[IP]", `"status.address" is not a value it knows`, "choose one of metadata.name, metadata.namespace, metadata.uid, spec.nodeName, spec.serviceAccountName, status.hostIP, status.podIP"},
		"two values":      {on(key+".env[POD_NAME]", "x"), key + ".fields[POD_NAME]", `"POD_NAME" is set under env already`, "remove one of the two"},
		"two origins":     {on(key+".secrets[POD_NAME]", "blog-api/KEY"), key + ".secrets[POD_NAME]", `"POD_NAME" is set under fields already`, "remove one of the two"},
		"no key":          {on(key+".secrets[API_KEY]", "blog-api"), key + ".secrets[API_KEY]", `"blog-api" is not a Secret and a key of it`, "write it as SECRET/KEY, such as edd-cloud-auth/JWT_SECRET"},
		"misspelt key":    {on(key+".secrets[API_KEY]", "blog-api/KEYS"), key + ".secrets[API_KEY]", `"blog-api/KEYS" is no key of a Secret of the platform`, "did you mean blog-api/KEY? correct it"},
		"misspelt secret": {on(key+".secrets[API_KEY]", "edd-cloud-aut/JWT_SECRET"), key + ".secrets[API_KEY]", `"edd-cloud-aut/JWT_SECRET" is no key of a Secret of the platform`, "did you mean edd-cloud-auth/JWT_SECRET? correct it"},
		"resources":       {on(key+".resources.requests.cpu", "21m"), key + ".resources.requests.cpu", "21m is over the limit of 20m", "lower it to 20m or raise the limit"},
		"selector":        {on(key+".nodeSelector", map[string]any{"a": "b c"}), key + ".nodeSelector[a]", `"b c" is not a label value`, "write letters, digits, dashes, dots or underscores, 63 at most,"},
	})
	acceptCore(t, map[string][]change{
		"low port":         on(key+".port", 80),
		"gRPC alone":       {{key + ".port", absent}, {key + ".routes", absent}, {key + ".healthPath", absent}, {key + ".grpcPort", 80}},
		"gRPC beside HTTP": on(key+".grpcPort", 50051),
		"inside only":      on(key+".routes", []any{}),
		"longest name":     renamed(long[1:]),
		"of the registry":  on(key+".secrets[AUTH]", "regcred/.dockerconfigjson"),
		"of a database":    on(key+".secrets[PASSWORD]", "sfs-db-credentials/PASSWORD"),
	})
}

func TestCredentialRejects(t *testing.T) {
	rejectCore(t, map[string]bad{
		"name":          {on("credentials[Blog]", []any{"KEY"}), "credentials[Blog]", `"Blog" is not a DNS name: lower-case letters, digits, dashes and dots`, "write the name of a Secret"},
		"taken":         {on("credentials[regcred]", []any{"KEY"}), "credentials[regcred]", `"regcred" is a Secret of the platform`, "choose another name"},
		"of a database": {on("credentials[sfs-db-credentials]", []any{"KEY"}), "credentials[sfs-db-credentials]", `"sfs-db-credentials" is a Secret of the platform`, "choose another name"},
		"no keys":       {on("credentials[other]", []any{}), "credentials[other]", "it has no key", "list its keys"},
		"key":           {on("credentials[other]", []any{"A KEY"}), "credentials[other][0]", `"A KEY" is not a key of a Secret`, "write letters, digits, dashes, dots or underscores"},
		"key twice":     {on("credentials[other]", []any{"A", "A"}), "credentials[other][1]", `"A" is listed already`, "remove one of the two"},
	})
	acceptCore(t, map[string][]change{"the gateway's own": on("credentials[gateway-token-key]", []any{"TOKEN_ENCRYPTION_KEY"})})
}
