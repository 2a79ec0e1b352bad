-- What answers where, for filters that few hosts fit; a product's texts are looked for among the products there are.
CREATE INDEX service_port ON service (port);
CREATE INDEX service_product ON service (product);
